import type { DocumentPath } from "../documents/list-document.ts";
import { readToml } from "../documents/toml-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";
import { isTable, type Table, textsIn } from "../tables.ts";
import { bareName, readRequirement } from "./requirement.ts";

/** A project's own declaration: https://packaging.python.org/en/latest/specifications/pyproject-toml/, and Poetry's older one. */
export function readPyproject(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const { whole, lineOf } = readToml(file);
  const place: PlaceOf = (text, ...path) => ({ file: file.name, line: lineOf(...path), text });
  const project = tableIn(whole, "project");
  const poetry = tableIn(whole, "tool", "poetry");
  const uv = tableIn(whole, "tool", "uv");
  const name = project.name ?? poetry.name;
  if (typeof name === "string") desk.name ??= name;
  const wanted = project["requires-python"];
  if (typeof wanted === "string") python(desk, place(`requires-python ${wanted}`, "project", "requires-python"), wanted, facts);
  const elsewhere = new Set(Object.keys(tableIn(uv, "sources")).map(nameIn));
  for (const [index, text] of textsIn(project.dependencies).entries()) {
    const at = place(text, "project", "dependencies", index);
    if (elsewhere.has(nameIn(text)))
      desk.refuse(at, "tool.uv.sources has it from elsewhere: packages come by name from this installation's index");
    else readRequirement(desk, at, text, facts);
  }
  for (const [package_, version] of Object.entries(tableIn(poetry, "dependencies")))
    readPoetry(desk, place(poetryText(package_, version), "tool", "poetry", "dependencies", package_), package_, version, facts);
  groups(desk, place, whole, "project", "optional-dependencies");
  groups(desk, place, whole, "dependency-groups");
  groups(desk, place, whole, "tool", "poetry", "group");
  for (const tool of ["poetry", "uv"]) group(desk, place, tableIn(whole, "tool", tool), "tool", tool, "dev-dependencies");
}

type PlaceOf = (text: string, ...path: DocumentPath) => Place;

/** A table within others; an empty one where there is none. */
function tableIn(whole: Table, ...path: readonly string[]): Table {
  return path.reduce<Table>((table, name) => (isTable(table[name]) ? table[name] : {}), whole);
}

function python(desk: ImportDesk, place: Place, wanted: string, facts: MarkerFacts): void {
  if (fits(wanted, facts.python)) desk.has(place, `Python ${facts.python} is there`);
  else desk.refuse(place, `Python is ${facts.python} here`);
}

/** Whether a Python is within conditions such as ">=3.9,<4"; a bare version is that one. Patch releases are nobody's condition. */
export function fits(conditions: string, python: string): boolean {
  const [major = 0, minor = 0] = python.split(".").map(Number);
  return conditions.split(",").every((clause) => {
    if (clause.trim() === "" || clause.trim() === "*") return true;
    const [, operator = "==", one = "", two] = /^\s{0,9}(===?|[<>!~]=|[<>^~=])?\s{0,9}(\d{1,3})(?:\.(\d{1,3}))?/.exec(clause) ?? [];
    if (one === "") return false;
    const isWhole = /^\s{0,9}\S{0,3}\s{0,9}\d{1,3}\.\d{1,3}\.\d/.test(clause);
    const order = major - Number(one) || (two === undefined ? 0 : minor - Number(two));
    if (operator === "^") return major === Number(one) && order >= 0;
    if (operator === "~=" || operator === "~") return order === 0 || (operator === "~=" && major === Number(one) && order > 0 && !isWhole);
    if (operator === ">=") return order >= 0;
    if (operator === ">") return order > 0 || (order === 0 && isWhole);
    if (operator === "<=") return order <= 0;
    if (operator === "<") return order < 0 || (order === 0 && isWhole);
    return operator === "!=" ? order !== 0 || isWhole : order === 0;
  });
}

/** The package that a requirement begins with. */
function nameIn(requirement: string): string {
  return bareName(/^[A-Za-z0-9._-]{1,100}/.exec(requirement)?.[0] ?? "");
}

function groups(desk: ImportDesk, place: PlaceOf, whole: Table, ...path: readonly string[]): void {
  const table = tableIn(whole, ...path);
  for (const name of Object.keys(table)) group(desk, place, table, ...path, name);
}

/** What is asked for beside the project's own needs: the last part of the path is the group's name in the table. */
function group(desk: ImportDesk, place: PlaceOf, table: Table, ...path: readonly string[]): void {
  const name = path.at(-1) ?? "";
  const value = table[name];
  const members = isTable(value) && isTable(value.dependencies) ? value.dependencies : value;
  const names = isTable(members) ? Object.keys(members) : textsIn(members);
  if (names.length === 0) return;
  desk.refuse(place(`${name}: ${names.join(", ")}`, ...path), "an optional group; name what you want of it as pip: packages");
}

function poetryText(name: string, value: unknown): string {
  return `${name} = ${JSON.stringify(value)}`;
}

function readPoetry(desk: ImportDesk, place: Place, name: string, value: unknown, facts: MarkerFacts): void {
  const version = isTable(value) ? value.version : value;
  if (name === "python" && typeof version === "string") return void python(desk, place, version, facts);
  if (isTable(value) && (value.git ?? value.path ?? value.url) !== undefined)
    return void desk.refuse(place, "from a repository, a path or an address: packages come by name from this installation's index");
  if (isTable(value)) {
    const { markers, python: pythons, platform, optional } = value;
    if (optional === true) return void desk.refuse(place, "optional; name it as a pip: package if you want it");
    const condition = typeof markers === "string" ? markers : typeof platform === "string" ? `sys_platform == "${platform}"` : "";
    const holds = condition === "" ? true : markerHolds(condition, facts);
    if (holds !== true || (typeof pythons === "string" && !fits(pythons, facts.python)))
      return void desk.refuse(place, `only for other machines than a workspace (Debian, Python ${facts.python})`);
  }
  if (Array.isArray(value))
    return void desk.refuse(place, `has a version for each Python: name the one for ${facts.python} as a pip: package`);
  if (typeof version !== "string") return void desk.refuse(place, "is no name of a package with a version");
  const extras = isTable(value) && Array.isArray(value.extras) ? `[${textsIn(value.extras).join(",")}]` : "";
  const range = poetryRange(version);
  const how = range === version ? undefined : `${version} written as ${range === "" ? "any version" : range}`;
  desk.package(place, "pip", `${name}${extras}${range}`, how);
}

/** "^1.2" and "~1.2" as PEP 440 writes them. */
export function poetryRange(version: string): string {
  if (version.includes(",")) return version.split(",").map(poetryRange).filter(Boolean).join(",");
  const text = version.replace(/\s/g, "");
  if (text === "*") return "";
  const [, sign, digits] = /^([\^~])(\d{1,9}(?:\.\d{1,9}){0,2})$/.exec(text) ?? [];
  if (digits === undefined) return /^\d/.test(text) ? `==${text}` : text;
  const parts = digits.split(".").map(Number);
  const firstSet = parts.findIndex((part) => part !== 0);
  const at = sign === "~" ? Math.min(1, parts.length - 1) : firstSet === -1 ? parts.length - 1 : firstSet;
  const above = parts.slice(0, at + 1).map((part, index) => (index === at ? part + 1 : part));
  return `>=${digits},<${above.join(".")}`;
}
