import type { ImportDesk, Place } from "../import-desk.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";
import { readPython } from "../runtimes.ts";
import { isTable, textsIn } from "../tables.ts";
import { fits } from "./python-versions.ts";
import { BY_NAME, bareName, conditionReason } from "./requirement.ts";

export function poetryText(name: string, value: unknown): string {
  return `${name} = ${JSON.stringify(value)}`;
}

/** A dependency as Poetry writes it. */
export function readPoetry(desk: ImportDesk, place: Place, name: string, value: unknown, facts: MarkerFacts): void {
  const version = isTable(value) ? value.version : value;
  if (name === "python" && typeof version === "string") return void readPython(desk, place, (python) => fits(version, python));
  if (isTable(value) && (value.git ?? value.path ?? value.url) !== undefined)
    return void desk.refuse(place, `from a repository, a path or an address: ${BY_NAME}`);
  if (isTable(value) && typeof value.source === "string" && !/^pypi$/i.test(value.source))
    return void desk.refuse(
      place,
      `from the index ${value.source}: where this installation's index has the same package, write pip:${bareName(name)}`,
    );
  if (isTable(value)) {
    const { markers, python: pythons, platform, optional } = value;
    if (optional === true) return void desk.refuse(place, `optional: write pip:${bareName(name)} if you want it`);
    const condition = typeof markers === "string" ? markers : typeof platform === "string" ? `sys_platform == "${platform}"` : "";
    const holds = condition === "" ? true : markerHolds(condition, facts);
    if (holds !== true || (typeof pythons === "string" && !fits(pythons, facts.python)))
      return void desk.refuse(place, conditionReason(facts));
  }
  if (Array.isArray(value)) {
    const own = value.find((one) => isTable(one) && typeof one.python === "string" && fits(one.python, facts.python));
    if (own !== undefined) return void readPoetry(desk, place, name, own, facts);
    return void desk.refuse(
      place,
      `has several versions, and none for Python ${facts.python} alone: write one as pip:${bareName(name)}==1.2.*`,
    );
  }
  if (typeof version !== "string") return void desk.refuse(place, `has no version that is text: write pip:${bareName(name)} with one`);
  const extras = isTable(value) && Array.isArray(value.extras) ? `[${textsIn(value.extras).join(",")}]` : "";
  const range = poetryRange(version);
  if (version.includes("||"))
    return void desk.refuse(place, `has alternatives, which pip does not: write one of them as pip:${bareName(name)}`);
  const how = range === version || range === "" ? undefined : "the same range, as pip writes it";
  desk.package(place, "pip", `${name}${extras}${range}`, how);
}

/** "^1.2" and "~1.2" as PEP 440 writes them. */
export function poetryRange(version: string): string {
  const conditions = version.replace(/([\w*])\s{1,9}(?=[<>=!~^])/g, "$1,").split(",");
  if (conditions.length > 1) return conditions.map(poetryRange).filter(Boolean).join(",");
  const text = version.replace(/\s/g, "");
  if (text === "*") return "";
  const [, sign, digits, stage = ""] = /^([\^~])(\d{1,9}(?:\.\d{1,9}){0,2})((?:a|b|rc|\.dev)\d{1,9})?$/.exec(text) ?? [];
  if (digits === undefined) return /^\d/.test(text) ? `==${text}` : text;
  const parts = digits.split(".").map(Number);
  const firstSet = parts.findIndex((part) => part !== 0);
  const at = sign === "~" ? Math.min(1, parts.length - 1) : firstSet === -1 ? parts.length - 1 : firstSet;
  const above = parts.slice(0, at + 1).map((part, index) => (index === at ? part + 1 : part));
  return `>=${digits}${stage},<${above.join(".")}`;
}
