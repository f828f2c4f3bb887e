import { parseDuration, QuantityError, SHELL } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import { requiredApplications } from "./check-applications.ts";
import { variableFaults } from "./check-configuration.ts";
import { type Check, present } from "./checking.ts";
import type { Draft } from "./draft.ts";
import { below } from "./json-path.ts";

type Own = NonNullable<NonNullable<Draft["applications"]>[string]>;

/** What only a web application has. */
const OF_WEB = ["port", "path", "ready_path", "within"] as const;
/** Longer than anybody waits for a page. */
const LONGEST_START = 10 * 60_000;

/** Applications that the persona describes itself: each is one, no other bears its name or listens on its port. */
export const checkOwnApplications: Check = (draft, { catalog }) => {
  const required = requiredApplications(draft, catalog).flatMap(({ entry }) => entry ?? []);
  const ports = new Map<number, string>(required.flatMap(({ application, web }) => (web === undefined ? [] : [[web.port, application]])));
  return present(draft.applications).flatMap(([id, own]): Fault[] => {
    const faults = [
      ...nameFaults(id, catalog.find(id) !== undefined),
      ...kindFaults(own),
      ...portFaults(own, ports),
      ...ownVariableFaults(own),
    ];
    if (own.port !== undefined) ports.set(own.port, id);
    return below(["applications", id], faults);
  });
};

function nameFaults(id: string, inCatalog: boolean): Fault[] {
  if (id === SHELL.application) return [fault([], "wrong_value", `${quoted(id)} is in every workspace; call it otherwise`)];
  return inCatalog
    ? [fault([], "wrong_value", `${quoted(id)} is in the catalog: name it in required_applications, or call this one otherwise`)]
    : [];
}

function kindFaults(own: Own): Fault[] {
  if (own.kind === "web") return withinFaults(own.within);
  return own.kind === undefined
    ? []
    : OF_WEB.filter((name) => own[name] !== undefined).map((name) =>
        fault([name], "wrong_value", `only a web application has ${quoted(name)}`),
      );
}

function withinFaults(within: string | undefined): Fault[] {
  if (within === undefined) return [];
  try {
    return parseDuration(within) <= LONGEST_START ? [] : [fault(["within"], "too_large", 'is longer than "10m"')];
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return [fault(["within"], "wrong_value", error.message)];
  }
}

function portFaults({ port }: Own, taken: ReadonlyMap<number, string>): Fault[] {
  const other = port === undefined ? undefined : taken.get(port);
  return other === undefined ? [] : [fault(["port"], "wrong_value", `${other} listens on ${port} already`)];
}

function ownVariableFaults({ variables }: Own): Fault[] {
  return present(variables).flatMap(([name, value]) => variableFaults(name, value));
}
