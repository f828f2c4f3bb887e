import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { ImportDesk, ListFile } from "../import-desk.ts";
import { isTable, type Table } from "../tables.ts";

/** What a project of Node needs, to run and to be worked on. */
export function readPackageJson(desk: ImportDesk, file: ListFile): void {
  const whole = jsonOf(file);
  if (typeof whole.name === "string") desk.name ??= whole.name.replace(/^@[^/]*\//, "");
  for (const part of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const [name, range] of Object.entries(isTable(whole[part]) ? whole[part] : {})) readDependency(desk, file, name, range);
  if (isTable(whole.engines) && typeof whole.engines.node === "string")
    desk.has({ file: file.name, text: `engines.node ${whole.engines.node}` }, "Node 24 is there");
  if (isTable(whole.scripts) && Object.keys(whole.scripts).length > 0)
    desk.has({ file: file.name, text: `scripts: ${Object.keys(whole.scripts).join(", ")}` }, "run in the workspace: npm run NAME");
  if (whole.workspaces !== undefined)
    desk.refuse({ file: file.name, text: "workspaces" }, "packages of the project's own: run npm install in the workspace for them");
}

function readDependency(desk: ImportDesk, file: ListFile, name: string, range: unknown): void {
  const place = { file: file.name, text: `${name}: ${String(range)}` };
  if (typeof range !== "string") return void desk.refuse(place, "has no version");
  const text = range.trim();
  if (/^(?:git|github:|https?:|file:|link:|workspace:|npm:|[\w.-]+\/[\w.-]+)/.test(text))
    return void desk.refuse(place, "from a repository, an address or a folder: packages come by name from this installation's registry");
  if (text === "" || text === "*" || text === "latest") return void desk.package(place, "npm", name);
  const first = /[ |]/.test(text)
    ? (text.split("||").at(-1) ?? "")
        .trim()
        .split(" ")
        .find((part) => /^[\^~>=]?\d|^[\^~]|^>=/.test(part))
    : text;
  const short = first?.replace(/^>=/, "^");
  if (short === undefined) return void desk.refuse(place, `the range ${text} is not understood`);
  desk.package(place, "npm", `${name}@${short}`, short === text ? undefined : `${text} written as ${short}`);
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
