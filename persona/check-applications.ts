import { KINDS } from "@guise/contract";
import { type Catalog, type Fault, fault, quoted, type RequiredApplication, readRequiredApplication } from "#applications";
import { nearest } from "#foundation";
import { type Check, items } from "./checking.ts";
import type { Draft } from "./draft.ts";

/** The applications that can be read. A misspelt one stands for the nearest of the catalog, so that its settings are checked in the same answer. */
export function requiredApplications(draft: Draft, catalog: Catalog): RequiredApplication[] {
  return items(draft.required_applications).flatMap(([, text]) => meant(text, catalog) ?? []);
}

/** What an author wrote as `text`, or most likely meant by it. */
export function meant(text: string, catalog: Catalog): RequiredApplication | undefined {
  const reading = readRequiredApplication(text, catalog);
  if (!("fault" in reading)) return reading;
  const entry = catalog.find(reading.fault.suggestion ?? "");
  return entry === undefined ? undefined : { entry };
}

/** A catalog id, or manager and package name: two lines with the same one would be two versions of one thing. */
function identityOf(required: RequiredApplication): string {
  return required.package === undefined ? required.entry.application : `${required.package.manager}:${required.package.name}`;
}

export const checkRequiredApplications: Check = (draft, { catalog }) => {
  const seen = new Set<string>();
  return items(draft.required_applications).flatMap(([index, text]) => {
    const at = ["required_applications", index];
    const reading = readRequiredApplication(text, catalog);
    if ("fault" in reading) return [{ ...reading.fault, at }];
    const identity = identityOf(reading);
    if (seen.has(identity)) return [fault(at, "wrong_value", `${quoted(text)} stands twice`)];
    seen.add(identity);
    const other = installedTwice(reading, requiredApplications(draft, catalog), catalog);
    if (other !== undefined) return [fault(at, "wrong_value", `${quoted(text)} is brought by ${other} already; leave out one of them`)];
    return [];
  });
};

/** npm's prefix holds one version of a name: the later one would take the earlier one's place. Which application brings it, in which version. */
function installedTwice(reading: RequiredApplication, all: readonly RequiredApplication[], catalog: Catalog): string | undefined {
  const request = reading.package;
  if (request?.manager !== "npm") return undefined;
  for (const entry of all.flatMap((one) => one.entry ?? [])) {
    const brought = (entry.packages.npm ?? []).find((text) => {
      const other = readRequiredApplication(`npm:${text}`, catalog);
      return !("fault" in other) && other.package?.name === request.name;
    });
    if (brought !== undefined && brought !== request.argument) return `${entry.application} as ${brought}`;
  }
  return undefined;
}

/** What `launch` names is opened for the person: a package outside the catalog by the name of the program it brings, most often its own. Its build knows more. */
export const checkLaunch: Check = (draft, { catalog }) => {
  const required = requiredApplications(draft, catalog);
  const own = Object.keys(draft.applications ?? {});
  const names = [...own, ...required.map((one) => (one.package === undefined ? one.entry.application : one.package.name))];
  return items(draft.launch).flatMap(([index, name]): Fault[] => {
    const at = ["launch", index];
    const entry = required.find((candidate) => candidate.entry?.application === name)?.entry;
    const kind = entry?.kind ?? draft.applications?.[name]?.kind;
    if (kind !== undefined && KINDS[kind].runsAs === undefined)
      return [fault(at, "wrong_value", `${quoted(name)} is a command: it is run with arguments, not opened`)];
    if (names.includes(name)) return [];
    const meantBy = name.includes(":") ? meant(name, catalog)?.package?.name : undefined;
    if (meantBy !== undefined)
      return [fault(at, "wrong_value", `${quoted(name)} is a package; what is launched is the program that it brings`, meantBy)];
    return [fault(at, "unknown_name", `${quoted(name)} is not among the required applications`, nearest(name, names))];
  });
};
