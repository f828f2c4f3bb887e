import { dirname, join, normalize } from "node:path/posix";
import { plainText } from "@guise/contract";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { uncommented } from "../lines.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";

/** What pip reads: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function readRequirements(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const constraints: Limits = new Map();
  const wanted: { readonly place: Place; readonly text: string }[] = [];
  collect(desk, file, { wanted, constraints, isConstraint: false });
  for (const { place, text } of wanted) readRequirement(desk, place, text, facts, constraints);
  for (const limits of constraints.values())
    for (const place of limits)
      if (!place.used) desk.refuse(place, "a limit on a package that no line asks for here; what fits is found when it is built");
}

/** Limits on packages by their names. */
type Limits = Map<string, (Place & { readonly conditions: string; used: boolean })[]>;

interface Collecting {
  readonly wanted: { readonly place: Place; readonly text: string }[];
  readonly constraints: Limits;
  readonly isConstraint: boolean;
}

function collect(desk: ImportDesk, file: ListFile, collecting: Collecting): void {
  for (const { line, text } of logicalLines(file.content)) {
    const place = { file: file.name, line, text };
    const [, option = "", path = ""] = /^(-r|--requirement|-c|--constraint)(?:[ =]\s{0,9}|(?<=-[rc]))(\S{1,300})$/.exec(text) ?? [];
    if (option !== "") include(desk, place, path, { ...collecting, isConstraint: option.endsWith("c") || option.endsWith("constraint") });
    else if (text.startsWith("-")) desk.refuse(place, optionReason(text));
    else if (collecting.isConstraint) constrain(desk, place, collecting.constraints);
    else collecting.wanted.push({ place, text });
  }
}

function include(desk: ImportDesk, place: Place, path: string, collecting: Collecting): void {
  if (path.includes("://") || path.startsWith("/"))
    return void desk.refuse(place, "from elsewhere: only lists beside this one or below it are read");
  const name = normalize(join(dirname(place.file), path));
  const included = desk.open(name, collecting.isConstraint ? "limits" : "list");
  if (included === undefined) desk.refuse(place, `${name} was not given; import it as well`);
  else if (included === "again") desk.has(place, `${name} is read already`);
  else {
    desk.has(place, "its lines follow");
    collect(desk, included, collecting);
  }
}

function constrain(desk: ImportDesk, place: Place, constraints: Limits): void {
  const [requirement = ""] = withoutHashes(place.text).text.split(";");
  const [, name, conditions = ""] =
    /^([A-Za-z0-9._-]{1,100})\s{0,9}(?:\[[^\]]{0,200}\])?\s{0,9}([<>=!~][^;#]{0,200})?$/.exec(requirement.trim()) ?? [];
  if (name === undefined) return void desk.refuse(place, "a limit that is no name with a version");
  const limits = constraints.get(bare(name)) ?? [];
  limits.push({ ...place, conditions: conditions.replace(/\s/g, ""), used: false });
  constraints.set(bare(name), limits);
}

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
  const { text, hadHashes } = withoutHashes(written);
  const [requirement = "", ...marker] = text.split(";");
  const condition = marker.join(";").trim();
  const holds = condition === "" ? true : markerHolds(condition, facts);
  if (holds === undefined) return void desk.refuse(place, `the condition ${condition} is not understood`);
  if (!holds)
    return void desk.refuse(place, `only for other machines: ${condition} does not hold in a workspace (Debian, Python ${facts.python})`);
  const [, name = "", extras = "", conditions = ""] =
    /^([A-Za-z0-9._-]{1,100})\s{0,9}(\[[^\]]{0,200}\])?\s{0,9}\(?([<>=!~][^)]{0,300})?\)?$/.exec(requirement.trim()) ?? [];
  if (name === "") return void desk.refuse(place, "is no name of a package with a version");
  const limits = constraints.get(bare(name)) ?? [];
  for (const limit of limits) limit.used = true;
  const clauses = [conditions, ...limits.map((limit) => limit.conditions)].map(tidyClauses).filter(Boolean).join(",");
  const exact = clauses.replaceAll("===", "==");
  const changes = [
    ...(hadHashes ? ["digests are taken from the index when it is built"] : []),
    ...(condition === "" ? [] : [`${condition} holds in every workspace`]),
    ...(limits.length === 0 ? [] : [`limited by ${[...new Set(limits.map((limit) => limit.file))].join(", ")}`]),
    ...(exact === clauses ? [] : ["=== written as =="]),
  ];
  desk.package(place, "pip", `${name}${extras.replace(/\s/g, "")}${exact}`, changes.length === 0 ? undefined : changes.join("; "));
}

/** ">=1, <2," as one word. */
function tidyClauses(conditions: string): string {
  return conditions.replace(/\s/g, "").split(",").filter(Boolean).join(",");
}

/** Characters that nobody sees would make another name of it. */
function hiddenReason(text: string): string | undefined {
  return plainText(text, text.length + 1) === text ? undefined : "has characters that are not seen; save the list as UTF-8 without them";
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function withoutHashes(text: string): { readonly text: string; readonly hadHashes: boolean } {
  const at = text.search(/\s--[a-z]/);
  return at === -1 ? { text: text.trim(), hadHashes: false } : { text: text.slice(0, at).trim(), hadHashes: true };
}

function addressReason(text: string): string | undefined {
  const known = "packages come by name from this installation's index; publish it there, or install it in the workspace";
  if (/(?:^|@\s{0,9})(?:git|hg|svn|bzr)\+/.test(text)) return `from a repository: ${known}`;
  if (/:\/\//.test(text)) return `from an address: ${known}`;
  if (/^\.{0,2}\/|\.(?:whl|zip|tar\.gz|tgz)$/.test(text)) return `a file of your own: ${known}`;
  return text.includes("${") ? "from a variable, which has no value here" : undefined;
}

function optionReason(text: string): string {
  if (/^(?:-e|--editable)/.test(text)) return "a project of your own: clone it in the workspace and install it there";
  if (/^(?:-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host)/.test(text))
    return "only the package index of this installation counts; an operator sets it";
  return "an option of pip, which this installation sets by itself";
}

/** Lines without comments, joined where a backslash ends them. */
function logicalLines(content: string): { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  let parts: string[] = [];
  let first = 0;
  for (const [index, raw] of content
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (parts.length === 0) first = index + 1;
    const isContinued = raw.endsWith("\\");
    parts.push(uncommented(isContinued ? raw.slice(0, -1) : raw));
    if (isContinued) continue;
    found.push({ line: first, text: parts.join(" ").trim() });
    parts = [];
  }
  if (parts.length > 0) found.push({ line: first, text: parts.join(" ").trim() });
  return found.filter(({ text }) => text !== "");
}
