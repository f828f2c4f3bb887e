import { dirname, join, normalize } from "node:path/posix";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { uncommented } from "../lines.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { bareName, type Limits, optionReason, readRequirement, withoutOptions } from "./requirement.ts";

/** What pip reads: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function readRequirements(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const constraints: Limits = new Map();
  const wanted: { readonly place: Place; readonly text: string }[] = [];
  collect(desk, file, { wanted, constraints, isConstraint: false });
  for (const { place, text } of wanted) readRequirement(desk, place, text, facts, constraints);
  for (const limits of constraints.values())
    for (const place of limits)
      if (!place.used) desk.refuse(place, `nothing to do: no line asks for the package; or write pip:${place.text.split(/[\s;#]/)[0]}`);
}

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

/** A file that a line of another kind of list names, relative to that list. */
export function readNamedRequirements(desk: ImportDesk, place: Place, path: string, facts: MarkerFacts): void {
  const name = normalize(join(dirname(place.file), path));
  const file = desk.open(name);
  if (file === undefined) return void desk.refuse(place, `${name} was not given: import it as well`);
  if (file === "again") return void desk.has(place, `${name} is read already`);
  desk.has(place, "its lines follow");
  readRequirements(desk, file, facts);
}

function include(desk: ImportDesk, place: Place, path: string, collecting: Collecting): void {
  if (path.includes("://") || path.startsWith("/"))
    return void desk.refuse(place, "lies elsewhere: put it beside this list, and import it as well");
  const name = normalize(join(dirname(place.file), path));
  const included = desk.open(name, collecting.isConstraint ? "limits" : "list");
  if (included === undefined) desk.refuse(place, `${name} was not given: import it as well`);
  else if (included === "again") desk.has(place, `${name} is read already`);
  else {
    desk.has(place, "its lines follow");
    collect(desk, included, collecting);
  }
}

function constrain(desk: ImportDesk, place: Place, constraints: Limits): void {
  const [requirement = ""] = withoutOptions(place.text).text.split(";");
  const [, name, conditions = ""] =
    /^([A-Za-z0-9._-]{1,100})\s{0,9}(?:\[[^\]]{0,200}\])?\s{0,9}([<>=!~][^;#]{0,200})?$/.exec(requirement.trim()) ?? [];
  if (name === undefined) return void desk.refuse(place, "no package with a version: write it as polars<2");
  const limits = constraints.get(bareName(name)) ?? [];
  limits.push({ ...place, conditions: conditions.replace(/\s/g, ""), used: false });
  constraints.set(bareName(name), limits);
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
