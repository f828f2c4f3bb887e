import { listed } from "@guise/contract";
import { ProvisioningError } from "#provisioning";
import { bringerOf } from "./brought-by.ts";
import type { WhyNot } from "./why-not.ts";

/** A program or a package of the image that is no good. */
export interface Failed {
  readonly what: string;
  readonly cannot: "start" | "be imported";
  /** The package that it is of, as `manager:package`, where it is known. */
  readonly package?: string;
  readonly whyNot: WhyNot;
}

const MOST_TOLD = 5;

/** All that is no good, each with its reason, and what helps. */
export function trialFault(failed: readonly Failed[]): ProvisioningError {
  const all = [...Map.groupBy(failed, ({ what, cannot }) => `${what} cannot ${cannot}`)];
  const told = all.slice(0, MOST_TOLD).map(([beginning, of]) => `${beginning}: ${listed([...lacksOf(of), ...reasonsOf(of)])}`);
  const more = all.length > told.length ? [`and ${all.length - told.length} more`] : [];
  const message = [...told, ...more, ...helps(failed)].join("; ");
  return new ProvisioningError("image_build_failed", message, {
    detail: { failed: failed.map(({ what, cannot, package: of, whyNot }) => ({ what, cannot, package: of, ...whyNot })) },
  });
}

function lacksOf(failed: readonly Failed[]): string[] {
  const names = [...new Set(failed.map(({ whyNot }) => (whyNot.kind === "other" ? "" : written(whyNot))))].filter((name) => name !== "");
  return names.length === 0 ? [] : [`${listed(names)} ${names.length === 1 ? "is" : "are"} not there`];
}

function reasonsOf(failed: readonly Failed[]): string[] {
  return [...new Set(failed.map(({ whyNot }) => (whyNot.kind === "other" ? whyNot.reason : "")))].filter((reason) => reason !== "");
}

function written({ kind, name }: Exclude<WhyNot, { kind: "other" }>): string {
  const before = { library: "", program: "the program ", python_module: "the Python module ", node_module: "the module " };
  return `${before[kind]}${name}`;
}

/** "apt:libgl1 and apt:libxcb1 bring them; pip:six may bring it; another version of apt:frob may work". */
function helps(failed: readonly Failed[]): string[] {
  const bringers = failed.map(({ what, whyNot }) => (whyNot.kind === "other" ? undefined : bringerOf(whyNot, what)));
  // What several lack is one thing.
  const lacks = failed.flatMap(({ whyNot }, at) => (whyNot.kind === "other" ? [] : [{ lack: written(whyNot), bringer: bringers[at] }]));
  const missing = new Set(lacks.map(({ lack }) => lack)).size;
  const bring = (isSure: boolean, one: string, several: string) => {
    const of = lacks.filter(({ bringer }) => bringer?.isSure === isSure);
    const names = [...new Set(of.map(({ bringer }) => bringer?.name ?? ""))];
    const whom = new Set(of.map(({ lack }) => lack)).size < missing ? "some of them" : missing === 1 ? "it" : "them";
    return names.length === 0 ? [] : [`${listed(names)} ${names.length === 1 ? one : several} ${whom}`];
  };
  // A library that no table knows may be anybody's.
  const others = failed.filter(({ whyNot }, at) => whyNot.kind !== "library" && bringers[at] === undefined);
  const names = [...new Set(others.map((one) => one.package ?? one.what))].slice(0, MOST_TOLD);
  return [
    ...bring(true, "brings", "bring"),
    ...bring(false, "may bring", "may bring"),
    ...(names.length === 0 ? [] : [`another version of ${listed(names)} may work`]),
  ];
}
