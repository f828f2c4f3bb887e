import { isRecord } from "../setting-value.ts";
import { lineText, notRepresentable } from "./format-error.ts";

/** Plain INI as libpq and Python's configparser read it: no quoting, no blanks around "=", keys before sections first. */
export function renderIni(tree: Readonly<Record<string, unknown>>): string {
  const top = Object.entries(tree).filter(([, value]) => !isRecord(value));
  const sections = Object.entries(tree).filter((pair): pair is [string, Record<string, unknown>] => isRecord(pair[1]));
  const blocks = sections.map(([section, members]) => `[${sectionName(section)}]\n${iniLines(members, section)}`);
  return [iniLines(Object.fromEntries(top), ""), ...blocks].filter((block) => block !== "").join("\n");
}

function iniLines(members: Readonly<Record<string, unknown>>, section: string): string {
  return Object.entries(members)
    .map(([key, value]) => `${keyName(key)}=${plainValue(value, `${section}.${key}`)}\n`)
    .join("");
}

function sectionName(name: string): string {
  if (lineText(name, "a section name").match(/[[\]]/) !== null || name.trim() !== name || name === "")
    throw notRepresentable(`"${name}" is not a section name`);
  return name;
}

function keyName(name: string): string {
  if (!/^[^\s=:#;[\]](?:[^=:\n\r]*[^\s=:])?$/.test(lineText(name, "a key"))) throw notRepresentable(`"${name}" is not a key`);
  return name;
}

function plainValue(value: unknown, where: string): string {
  const text = lineText(value, where);
  if (text.trim() !== text) throw notRepresentable(`${where} begins or ends with a blank`);
  return text;
}
