import { parse } from "smol-toml";
import type { ImportDesk, ListFile } from "../import-desk.ts";
import { type MarkerFacts, markerHolds } from "../python-marker.ts";
import { isTable, type Table, textsIn } from "../tables.ts";
import { readRequirement } from "./requirement.ts";

/** A project's own declaration: https://packaging.python.org/en/latest/specifications/pyproject-toml/, and Poetry's older one. */
export function readPyproject(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const whole = parse(file.content) as Table;
  const project = isTable(whole.project) ? whole.project : {};
  const tool = isTable(whole.tool) ? whole.tool : {};
  const poetry = isTable(tool.poetry) ? tool.poetry : {};
  const name = project.name ?? poetry.name;
  if (typeof name === "string") desk.name ??= name;
  if (typeof project["requires-python"] === "string") python(desk, file, project["requires-python"], facts);
  const uv = isTable(tool.uv) ? tool.uv : {};
  const elsewhere = new Set(Object.keys(isTable(uv.sources) ? uv.sources : {}).map(bareName));
  for (const text of textsIn(project.dependencies)) {
    const place = { file: file.name, text };
    if (elsewhere.has(bareName(text)))
      desk.refuse(place, "tool.uv.sources has it from elsewhere: packages come by name from this installation's index");
    else readRequirement(desk, place, text, facts);
  }
  if (isTable(poetry.dependencies))
    for (const [package_, version] of Object.entries(poetry.dependencies)) readPoetry(desk, file, package_, version, facts);
  groups(desk, file, project["optional-dependencies"]);
  groups(desk, file, whole["dependency-groups"]);
  groups(desk, file, poetry.group);
  groups(desk, file, { dev: poetry["dev-dependencies"] ?? uv["dev-dependencies"] ?? [] });
}

function python(desk: ImportDesk, file: ListFile, wanted: string, facts: MarkerFacts): void {
  const place = { file: file.name, text: `requires-python ${wanted}` };
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

function bareName(requirement: string): string {
  return (/^[A-Za-z0-9._-]{1,100}/.exec(requirement)?.[0] ?? "").toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function groups(desk: ImportDesk, file: ListFile, value: unknown): void {
  if (!isTable(value)) return;
  for (const [group, members] of Object.entries(value)) {
    const table = isTable(members) && isTable(members.dependencies) ? members.dependencies : members;
    const names = isTable(table) ? Object.keys(table) : textsIn(table);
    if (names.length === 0) continue;
    const text = `${group}: ${names.join(", ")}`;
    desk.refuse({ file: file.name, text }, "an optional group; name what you want of it as pip: packages");
  }
}

function readPoetry(desk: ImportDesk, file: ListFile, name: string, value: unknown, facts: MarkerFacts): void {
  const version = isTable(value) ? value.version : value;
  const place = { file: file.name, text: `${name} = ${JSON.stringify(value)}` };
  if (name === "python" && typeof version === "string") return void python(desk, file, version, facts);
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
