import type { EnforcedLimit } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import type { Check } from "./checking.ts";
import type { Draft } from "./draft.ts";

interface Promised {
  readonly at: readonly string[];
  readonly value: (draft: Draft) => unknown;
  /** The values that are kept. */
  readonly kept: readonly unknown[];
  readonly why: string;
}

/** What the language can say and this Guise does not enforce: refused, never accepted silently. */
const PROMISES: readonly Promised[] = [
  {
    at: ["access_controls", "install_packages"],
    value: (draft) => draft.access_controls?.install_packages,
    kept: ["none"],
    why: 'packages cannot be installed into a workspace here; only "none"',
  },
  {
    at: ["resource_limits", "storage"],
    value: (draft) => draft.resource_limits?.storage,
    kept: [],
    why: "the size of a home cannot be changed while it is used",
  },
];

export const checkPromises: Check = (draft) => [
  ...PROMISES.flatMap(({ at, value, kept, why }): Fault[] => {
    const found = value(draft);
    return found === undefined || kept.includes(found)
      ? []
      : [fault(at, "not_supported_here", `${quoted(found)}: ${why}`, String(kept[0] ?? "") || undefined)];
  }),
  ...listFaults(draft.access_controls?.devices, ["access_controls", "devices"], "devices are not given to workspaces here"),
];

/** Every persona rests on every limit, said or not: what is not listed is closed, and what is asked for is all that is given. */
export const checkEnforcement: Check = (_, { installation }) =>
  installation.unenforced.map((limit) =>
    fault(RESTING_ON[limit].at, "not_supported_here", `this engine does not limit ${RESTING_ON[limit].what}`),
  );

const RESTING_ON: Readonly<Record<EnforcedLimit, { readonly at: readonly string[]; readonly what: string }>> = {
  cpu: { at: ["resource_requirements", "cpu"], what: "what a workspace takes of the processors" },
  ram: { at: ["resource_requirements", "ram"], what: "the memory of a workspace" },
  storage: { at: ["resource_requirements", "storage"], what: "the size of homes" },
  bandwidth: { at: ["resource_requirements", "network_bandwidth"], what: "the bandwidth of a workspace" },
  processes: { at: ["resource_requirements"], what: "the number of a workspace's processes" },
  network: { at: ["access_controls", "network"], what: "where a workspace may connect to" },
};

/** An empty list promises nothing. */
function listFaults(list: readonly unknown[] | undefined, at: readonly string[], why: string): Fault[] {
  return list === undefined || list.length === 0 ? [] : [fault(at, "not_supported_here", why)];
}
