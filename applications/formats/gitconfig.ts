import { isRecord } from "../setting-value.ts";
import { lineText, notRepresentable } from "./format-error.ts";

/** Git's own INI: `[section "subsection"]`, quoted values, a list as a repeated key. */
export function renderGitConfig(tree: Readonly<Record<string, unknown>>): string {
  return Object.entries(tree)
    .map(([section, members]) => {
      if (!isRecord(members)) throw notRepresentable(`${section} is outside a section`);
      return renderSection(section, members);
    })
    .join("");
}

function renderSection(section: string, members: Readonly<Record<string, unknown>>): string {
  if (!/^[A-Za-z0-9.-]+$/.test(section)) throw notRepresentable(`"${section}" is not a section name of Git`);
  const own = Object.entries(members).filter(([, value]) => !isRecord(value));
  const below = Object.entries(members).filter((pair): pair is [string, Record<string, unknown>] => isRecord(pair[1]));
  const head = own.length === 0 ? "" : `[${section}]\n${variables(section, own)}`;
  return head + below.map(([name, inner]) => `[${section} "${subsection(name)}"]\n${variables(section, Object.entries(inner))}`).join("");
}

function variables(section: string, pairs: readonly [string, unknown][]): string {
  return pairs
    .flatMap(([key, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) throw notRepresentable(`"${key}" is not a variable name of Git`);
      return (Array.isArray(value) ? value : [value]).map((item) => `\t${key} = ${quotedValue(item, `${section}.${key}`)}\n`);
    })
    .join("");
}

function subsection(name: string): string {
  return lineText(name, "a subsection").replace(/["\\]/g, "\\$&");
}

export function quotedValue(value: unknown, where: string): string {
  const text = lineText(value, where);
  if (/^[A-Za-z0-9][A-Za-z0-9 ._/@:+,~-]*$/.test(text) && !text.endsWith(" ")) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
