import { readJson } from "../documents/json-document.ts";
import type { DocumentPath } from "../documents/list-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { isTable } from "../tables.ts";
import { readNpmRange } from "./npm-range.ts";

/** Of the images that npm packages are in. */
const NODE = 24;

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
    if (isTable(whole[part])) desk.refuse(place(part, part), "of the project's own installation: run npm install in the workspace for it");
  if (isTable(whole.scripts) && Object.keys(whole.scripts).length > 0)
    desk.has(place(`scripts: ${Object.keys(whole.scripts).join(", ")}`, "scripts"), "run in the workspace: npm run NAME");
  if (whole.workspaces !== undefined)
    desk.refuse(place("workspaces", "workspaces"), "packages of the project's own: run npm install in the workspace for them");
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 300);
}

export function readNode(desk: ImportDesk, place: Place, range: string): void {
  const fits = range.split("||").some((part) => {
    const [from = 0, to = Number.POSITIVE_INFINITY] = [/>=?\s?(\d{1,3})/, /<=?\s?(\d{1,3})/]
      .map((side) => side.exec(part)?.[1])
      .map((text) => (text === undefined ? undefined : Number(text)));
    const [, exact] = /^\s?[\^~=v]{0,2}(\d{1,3})/.exec(part) ?? [];
    return exact === undefined ? NODE >= from && NODE < to : Number(exact) === NODE;
  });
  if (fits) desk.has(place, `Node ${NODE} is there`);
  else desk.refuse(place, `Node is ${NODE} here`);
}

function readDependency(desk: ImportDesk, place: Place, name: string, written: unknown): void {
  if (typeof written !== "string") return void desk.refuse(place, 'its version is no text: write it in quotes, as "^1.2"');
  const text = written.trim();
  if (/^npm:/.test(text)) return void desk.refuse(place, "another package under this name: name that one as an npm: package");
  if (/^(?:git|github:|gitlab:|bitbucket:|gist:|https?:|file:|link:|portal:|patch:|workspace:|catalog:|[\w.-]+\/[\w.-]+)/.test(text))
    return void desk.refuse(place, "from a repository, an address or a folder: packages come by name from this installation's registry");
  const { range, how, reason } = readNpmRange(text);
  if (range === undefined) return void desk.refuse(place, `${reason}, as npm:${name}@1.2`);
  desk.package(place, "npm", range === "" ? name : `${name}@${range}`, how);
}
