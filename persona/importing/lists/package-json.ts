import { readJson } from "../documents/json-document.ts";
import type { DocumentPath } from "../documents/list-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { readNode } from "../runtimes.ts";
import { isTable } from "../tables.ts";
import { isOfOtherSystems } from "./npm-names.ts";
import { readNpmRange } from "./npm-range.ts";

/** What a project of Node needs, to run and to be worked on. */
export function readPackageJson(desk: ImportDesk, file: ListFile): void {
  const { whole, lineOf } = readJson(file);
  const place = (text: string, ...path: DocumentPath) => ({ file: file.name, line: lineOf(...path), text });
  if (typeof whole.name === "string") desk.name ??= whole.name.replace(/^@[^/]*\//, "");
  for (const part of ["dependencies", "devDependencies", "optionalDependencies"]) {
    if (whole[part] !== undefined && !isTable(whole[part]))
      desk.refuse(place(part, part), 'is no table of names and versions: write { "NAME": "VERSION" }');
    for (const [name, range] of Object.entries(isTable(whole[part]) ? whole[part] : {}))
      readDependency(desk, place(`${name}: ${textOf(range)}`, part, name), name, range);
  }
  if (isTable(whole.engines) && typeof whole.engines.node === "string")
    readNode(desk, place(`engines.node ${whole.engines.node}`, "engines", "node"), whole.engines.node);
  if (typeof whole.packageManager === "string" && /^(?:pnpm|yarn)@/.test(whole.packageManager)) {
    const [manager = ""] = whole.packageManager.split("+");
    desk.package(place(`packageManager ${manager}`, "packageManager"), "npm", manager);
  }
  for (const part of ["peerDependencies", "overrides", "resolutions"])
    if (isTable(whole[part])) desk.refuse(place(part, part), "for the project itself: run npm install in the workspace");
  if (isTable(whole.scripts) && Object.keys(whole.scripts).length > 0)
    desk.has(place(`scripts: ${Object.keys(whole.scripts).join(", ")}`, "scripts"), "run in the workspace: npm run NAME");
  if (whole.workspaces !== undefined)
    desk.refuse(place("workspaces", "workspaces"), "packages of the project itself: run npm install in the workspace");
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 300);
}

function readDependency(desk: ImportDesk, place: Place, name: string, written: unknown): void {
  if (typeof written !== "string") return void desk.refuse(place, 'its version is no text: write it in quotes, as "^1.2"');
  const text = written.trim();
  if (isOfOtherSystems(name)) return void desk.refuse(place, "for Windows or macOS alone: leave it out");
  if (/^npm:/.test(text)) return void desk.refuse(place, `another package under this name: write ${text}`);
  if (/^(?:git|github:|gitlab:|bitbucket:|gist:|https?:|file:|link:|portal:|patch:|workspace:|catalog:|[\w.-]+\/[\w.-]+)/.test(text))
    return void desk.refuse(
      place,
      "from a repository, an address or a folder: publish it in this installation's registry, or run npm install in the workspace",
    );
  const { range, how, reason } = readNpmRange(text);
  if (range === undefined) return void desk.refuse(place, `${reason}, as npm:${name}@1.2`);
  desk.package(place, "npm", range === "" ? name : `${name}@${range}`, how);
}
