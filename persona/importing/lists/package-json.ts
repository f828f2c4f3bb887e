import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { isTable, type Table } from "../tables.ts";
import { readNpmRange } from "./npm-range.ts";

/** Of the images that npm packages are in. */
const NODE = 24;

/** What a project of Node needs, to run and to be worked on. */
export function readPackageJson(desk: ImportDesk, file: ListFile): void {
  const whole = jsonOf(file);
  if (typeof whole.name === "string") desk.name ??= whole.name.replace(/^@[^/]*\//, "");
  for (const part of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const [name, range] of Object.entries(isTable(whole[part]) ? whole[part] : {})) readDependency(desk, file, name, range);
  if (isTable(whole.engines) && typeof whole.engines.node === "string")
    readNode(desk, { file: file.name, text: `engines.node ${whole.engines.node}` }, whole.engines.node);
  if (typeof whole.packageManager === "string" && /^(?:pnpm|yarn)@/.test(whole.packageManager))
    desk.package({ file: file.name, text: `packageManager ${whole.packageManager}` }, "npm", whole.packageManager.split("+")[0] ?? "");
  for (const part of ["peerDependencies", "overrides", "resolutions"])
    if (isTable(whole[part]))
      desk.refuse({ file: file.name, text: part }, "of the project's own installation: run npm install in the workspace for it");
  if (isTable(whole.scripts) && Object.keys(whole.scripts).length > 0)
    desk.has({ file: file.name, text: `scripts: ${Object.keys(whole.scripts).join(", ")}` }, "run in the workspace: npm run NAME");
  if (whole.workspaces !== undefined)
    desk.refuse({ file: file.name, text: "workspaces" }, "packages of the project's own: run npm install in the workspace for them");
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

function readDependency(desk: ImportDesk, file: ListFile, name: string, written: unknown): void {
  const place = { file: file.name, text: `${name}: ${String(written).slice(0, 300)}` };
  if (typeof written !== "string") return void desk.refuse(place, "has no version");
  const text = written.trim();
  if (/^npm:/.test(text)) return void desk.refuse(place, "another package under this name: name that one as an npm: package");
  if (/^(?:git|github:|gitlab:|bitbucket:|gist:|https?:|file:|link:|portal:|patch:|workspace:|catalog:|[\w.-]+\/[\w.-]+)/.test(text))
    return void desk.refuse(place, "from a repository, an address or a folder: packages come by name from this installation's registry");
  const { range, how, reason } = readNpmRange(text);
  if (range === undefined) return void desk.refuse(place, `${reason}, as npm:${name}@1.2`);
  desk.package(place, "npm", range === "" ? name : `${name}@${range}`, how);
}

/** A JSON document, with the comments that some tools allow. Throws where it is none. */
export function jsonOf(file: ListFile): Table {
  const errors: ParseError[] = [];
  const whole: unknown = parse(file.content.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(`${printParseErrorCode(first.error)} at character ${first.offset + 1}`);
  if (!isTable(whole)) throw new SyntaxError("it is no object");
  return whole;
}
