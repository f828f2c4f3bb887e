import type { DocumentPath } from "../documents/list-document.ts";
import { readToml } from "../documents/toml-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readPython } from "../runtimes.ts";
import { isTable, type Table, textsIn } from "../tables.ts";
import { poetryText, readPoetry } from "./poetry.ts";
import { fits } from "./python-versions.ts";
import { BY_NAME, bareName, OTHER_INDEX, readRequirement } from "./requirement.ts";
import { readNamedRequirements } from "./requirements.ts";

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
  if (typeof wanted === "string")
    readPython(desk, place(`requires-python ${wanted}`, "project", "requires-python"), (python) => fits(wanted, python));
  const sources = new Map(Object.entries(tableIn(uv, "sources")).map(([package_, source]) => [nameIn(package_), source]));
  for (const [index, text] of textsIn(project.dependencies).entries()) {
    const at = place(text, "project", "dependencies", index);
    if (sources.has(nameIn(text))) desk.refuse(at, elsewhereReason(sources.get(nameIn(text)), nameIn(text)));
    else readRequirement(desk, at, text, facts);
  }
  for (const [index, text] of textsIn(tableIn(whole, "tool", "flit", "metadata").requires).entries())
    readRequirement(desk, place(text, "tool", "flit", "metadata", "requires", index), text, facts);
  dynamic(desk, place, whole, facts);
  for (const [package_, version] of Object.entries(tableIn(poetry, "dependencies")))
    readPoetry(desk, place(poetryText(package_, version), "tool", "poetry", "dependencies", package_), package_, version, facts);
  groups(desk, place, whole, "project", "optional-dependencies");
  groups(desk, place, whole, "dependency-groups");
  for (const path of [
    ["poetry", "group"],
    ["pdm", "dev-dependencies"],
    ["hatch", "envs"],
  ] as const)
    groups(desk, place, whole, "tool", ...path);
  for (const tool of ["poetry", "uv"]) group(desk, place, tableIn(whole, "tool", tool), "tool", tool, "dev-dependencies");
  for (const path of [
    ["poetry", "source"],
    ["pdm", "source"],
    ["uv", "index"],
  ] as const)
    indexes(desk, place, whole, "tool", ...path);
}

/** Dependencies that setuptools reads from files. */
function dynamic(desk: ImportDesk, place: PlaceOf, whole: Table, facts: MarkerFacts): void {
  if (!textsIn(tableIn(whole, "project").dynamic).includes("dependencies")) return;
  const { file } = tableIn(whole, "tool", "setuptools", "dynamic", "dependencies");
  const at = place("dynamic dependencies", "project", "dynamic");
  const names = typeof file === "string" ? [file] : textsIn(file);
  if (names.length === 0) desk.refuse(at, "named in another file: import that one as well, as a requirements.txt");
  for (const name of names) readNamedRequirements(desk, { ...at, text: `dependencies of ${name}` }, name, facts);
}

/** Package indexes that a project names beside the usual one. */
function indexes(desk: ImportDesk, place: PlaceOf, whole: Table, ...path: readonly string[]): void {
  const found = tableIn(whole, ...path.slice(0, -1))[path.at(-1) ?? ""];
  for (const [index, source] of (Array.isArray(found) ? found : []).entries())
    if (isTable(source)) desk.refuse(place(`index ${String(source.name ?? source.url)}`, ...path, index), OTHER_INDEX);
}

/** What uv has from elsewhere than its index. */
function elsewhereReason(source: unknown, name: string): string {
  const [first] = Array.isArray(source) ? source : [source];
  return isTable(first) && typeof first.index === "string"
    ? `from the index ${first.index}: where this installation's index has the same package, write pip:${name}`
    : `from elsewhere by tool.uv.sources: ${BY_NAME}`;
}

type PlaceOf = (text: string, ...path: DocumentPath) => Place;

/** A table within others; an empty one where there is none. */
function tableIn(whole: Table, ...path: readonly string[]): Table {
  return path.reduce<Table>((table, name) => (isTable(table[name]) ? table[name] : {}), whole);
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
  const members = isTable(value) && value.dependencies !== undefined ? value.dependencies : value;
  const names = isTable(members) ? Object.keys(members) : textsIn(members);
  if (names.length === 0) return;
  desk.refuse(place(`${name}: ${names.join(", ")}`, ...path), "an optional group: write what you want of it as pip:NAME");
}
