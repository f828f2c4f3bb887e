import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { linesOf } from "../lines.ts";
import { readNode, readPython } from "../runtimes.ts";
import { NO_TOOL, TOOLS } from "./tool-names.ts";

/** asdf's list: a tool and its versions a line. */
export function readToolVersions(desk: ImportDesk, file: ListFile): void {
  for (const { line, text } of linesOf(file.content)) {
    const place = { file: file.name, line, text };
    const [tool = "", version = ""] = text.split(/\s+/);
    if (tool === "python") readPython(desk, place, (python) => isPython(version, python));
    else if (tool === "nodejs" || tool === "node") readNode(desk, place, /^(?:lts|latest|system)/.test(version) ? "" : version);
    else readTool(desk, place, tool, version);
  }
}

function isPython(version: string, python: string): boolean {
  return /^(?:system|latest)$/.test(version) || version === python || version.startsWith(`${python}.`);
}

/** A tool by a name that people know. `version`: what is asked for; "" for any. */
export function readTool(desk: ImportDesk, place: Place, tool: string, version: string): void {
  const application = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
  if (application === undefined) {
    const reason = Object.hasOwn(NO_TOOL, tool) ? NO_TOOL[tool] : undefined;
    return void desk.refuse(place, reason ?? "not known here: name what it installs as apt:, pip: or npm: packages");
  }
  const isPlain = /^\d{1,6}(?:\.\d{1,6}){0,3}$/.test(version);
  const sign = application.startsWith("npm:") ? "@" : application.startsWith("pipx:") ? "==" : undefined;
  if (isPlain && sign !== undefined) return void desk.application(place, `${application}${sign}${version}`);
  const from = application.startsWith("apt:") ? "from Debian" : application.includes(":") ? "the newest" : "the catalog's application";
  desk.application(place, application, version === "" || from === "the newest" ? from : `${from}, in its version`);
}
