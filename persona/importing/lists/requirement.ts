import { plainText } from "@guise/contract";
import type { ImportDesk, Place } from "../import-desk.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";
import { needlessName } from "./python-names.ts";

/** What to do with a package that no index gives. */
export const BY_NAME = "publish it in this installation's index, or install it in the workspace";
export const OTHER_INDEX =
  "only this installation's package index counts, and those that an operator added by guise admin packages source add";

/** Limits on packages by their names. */
export type Limits = Map<string, (Place & { readonly conditions: string; used: boolean })[]>;

/** One requirement (PEP 508) as a package, or why not. */
export function readRequirement(
  desk: ImportDesk,
  place: Place,
  written: string,
  facts: MarkerFacts,
  constraints: Limits = new Map(),
): void {
  const reason = addressReason(written);
  if (reason !== undefined) return void desk.refuse(place, reason);
  const hidden = hiddenReason(written);
  if (hidden !== undefined) return void desk.refuse(place, hidden);
  const { text, dropped } = withoutOptions(written);
  const [requirement = "", ...marker] = text.split(";");
  const condition = marker.join(";").trim();
  const holds = condition === "" ? true : markerHolds(condition, facts);
  if (holds === undefined) return void desk.refuse(place, `its condition is not understood: write the package without it, as pip:NAME`);
  if (!holds) return void desk.refuse(place, conditionReason(facts));
  const [, name = "", extras = "", conditions = ""] =
    /^([A-Za-z0-9._-]{1,100})\s{0,9}(\[[^\]]{0,200}\])?\s{0,9}\(?([<>=!~][^)]{0,300})?\)?$/.exec(requirement.trim()) ?? [];
  if (name === "") return void desk.refuse(place, "no package with a version: write it as polars or polars>=1,<2");
  const limits = constraints.get(bareName(name)) ?? [];
  for (const limit of limits) limit.used = true;
  const needless = needlessName(bareName(name));
  if (needless !== undefined) return void ("there" in needless ? desk.has(place, needless.there) : desk.refuse(place, needless.reason));
  const clauses = [conditions, ...limits.map((limit) => limit.conditions)].map(tidyClauses).filter(Boolean).join(",");
  const exact = clauses.replaceAll("===", "==");
  const changes = [
    ...(dropped === undefined ? [] : [dropped]),
    ...(condition === "" ? [] : ["its condition holds in every workspace"]),
    ...(limits.length === 0 ? [] : [`limited by ${[...new Set(limits.map((limit) => limit.file))].join(", ")}`]),
    ...(exact === clauses ? [] : ["=== written as =="]),
  ];
  desk.package(place, "pip", `${name}${extras.replace(/\s/g, "")}${exact}`, changes.length === 0 ? undefined : changes.join("; "));
}

/** ">=1, <2," as one word. */
function tidyClauses(conditions: string): string {
  return conditions.replace(/\s/g, "").split(",").filter(Boolean).join(",");
}

/** Why a condition keeps a package out. */
export function conditionReason({ python }: MarkerFacts): string {
  return `nothing to do: its condition does not hold here (Debian, Python ${python})`;
}

/** Characters that nobody sees would make another name of it. */
function hiddenReason(text: string): string | undefined {
  return plainText(text, text.length + 1) === text ? undefined : "has characters that are not seen; save the list as UTF-8 without them";
}

/** As Python's index compares names. */
export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/** Options behind a requirement: its digests, or how it would be built. */
export function withoutOptions(text: string): { readonly text: string; readonly dropped?: string } {
  const at = text.search(/\s--[a-z]/);
  if (at === -1) return { text: text.trim() };
  const dropped = text.includes("--hash")
    ? "digests are taken from the index when it is built"
    : "without its options, which the build sets";
  return { text: text.slice(0, at).trim(), dropped };
}

function addressReason(text: string): string | undefined {
  if (/(?:^|@\s{0,9})(?:git|hg|svn|bzr)\+/.test(text)) return `from a repository: ${BY_NAME}`;
  if (/:\/\//.test(text)) return `from an address: ${BY_NAME}`;
  if (/^\.{0,2}\/|\.(?:whl|zip|tar\.gz|tgz)$/.test(text)) return `a file of your own: ${BY_NAME}`;
  return text.includes("${") ? "has a variable, which has no value here: write its value" : undefined;
}

/** Why a line of options says nothing here. */
export function optionReason(text: string): string {
  if (/^(?:-e|--editable)/.test(text)) return "a project of your own: clone it in the workspace and install it there";
  if (/^(?:-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host)/.test(text)) return OTHER_INDEX;
  return "an option of pip: leave it out, the build sets its own";
}
