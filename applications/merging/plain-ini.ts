import { isRecord } from "../setting-value.ts";
import { edited } from "./ini-edit.ts";
import { bracketed, type IniEntry, type IniFlavour, iniSections, isComment } from "./ini-sections.ts";
import type { Line } from "./lines.ts";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import type { Tree } from "./tree.ts";

/**
 * INI without quotes. Programs differ in what goes on with the line above and in what begins a comment: what one of them would
 * read otherwise is not touched.
 */
const FLAVOUR: IniFlavour = {
  sectionName(header) {
    const name = bracketed(header).trim();
    if (name === "") throw notMergeable("a section has no name");
    return name;
  },
  entryAt(lines, index) {
    const [first, ...more] = entryLines(lines, index) as [Line, ...Line[]];
    const hidden = more.map(({ text }) => keyOf(text)).filter((key) => key !== "");
    return { entry: entryOf(first, more), lines: more.length + 1, hidden };
  },
};

export const plainIni: MergeableFormat = {
  read: (text) => valuesOf(iniSections(text, FLAVOUR)),
  asRead: (keys) => twoLevels(keys),
  edit: (text, changes) =>
    edited(text, changes, FLAVOUR, { same: sameLetters, value: (value) => value, indent: "", sign: "=", header: (name) => `[${name}]` }),
};

/** Lines that are deeper than the first, and those behind a backslash. */
function entryLines(lines: readonly Line[], index: number): Line[] {
  const depth = indent(lines[index]?.text ?? "");
  let end = index + 1;
  for (let at = end; at < lines.length; at += 1) {
    const { text } = lines[at] as Line;
    const isBehindBackslash = at === end && lines[at - 1]?.text.endsWith("\\") === true;
    if (isBehindBackslash) end = at + 1;
    else if (text.trim() === "" || isComment(text.trim())) continue;
    else if (indent(text) > depth) end = at + 1;
    else break;
  }
  return lines.slice(index, end);
}

function entryOf(first: Line, more: readonly Line[]): IniEntry {
  const { text, from } = first;
  const sign = signIn(text);
  const keyTo = from + (sign === -1 ? text.trimEnd().length : text.slice(0, sign).trimEnd().length);
  const head = sign === -1 ? text.length : sign + 1 + indent(text.slice(sign + 1));
  const last = more.at(-1) ?? first;
  const written = text.slice(head).trimEnd();
  const comment = commentIn(written);
  return {
    key: keyOf(text),
    value: [written, ...more.map((line) => line.text.trim())].join("\n"),
    from,
    to: last.to,
    keyTo,
    valueFrom: from + head,
    valueTo: more.length === 0 ? from + head + written.length : last.from + last.text.trimEnd().length,
    comment: more.length === 0 ? comment : "",
    doubtful:
      sign === -1 ||
      [first, ...more].some((line) => line.text.endsWith("\\")) ||
      more.some((line) => commentIn(line.text) !== "" || isComment(line.text.trim())),
  };
}

function signIn(text: string): number {
  return text.search(/[=:]/);
}

/** A line without a sign is a key alone. */
function keyOf(text: string): string {
  const sign = signIn(text);
  return (sign === -1 ? text : text.slice(0, sign)).trim();
}

function commentIn(value: string): string {
  const at = value.search(/[ \t][#;]/);
  return at === -1 ? "" : value.slice(at).trim();
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}

/** Programs that tell capitals and those that do not must find the same. */
function sameLetters(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.toLowerCase() === other.toLowerCase()) throw notMergeable(`"${one}" and "${other}" are one name for some programs`);
  return false;
}

/** Section → key → every value of it, in their order. */
export function valuesOf(sections: ReturnType<typeof iniSections>): Tree {
  const values = new Map<string, Map<string, string[]>>();
  for (const { name, entries } of sections) {
    const section = values.get(name) ?? new Map<string, string[]>();
    for (const { key, value } of entries) section.set(key, [...(section.get(key) ?? []), value]);
    values.set(name, section);
  }
  return Object.fromEntries([...values].map(([name, section]) => [name, Object.fromEntries(section)]));
}

function twoLevels(keys: Tree): Tree {
  const entries = Object.entries(keys);
  const top = entries.filter(([, value]) => !isRecord(value));
  const sections = entries.flatMap(([name, value]) =>
    isRecord(value) && Object.keys(value).length > 0 ? [[name, texts(value)] as const] : [],
  );
  return Object.fromEntries([...(top.length === 0 ? [] : [["", texts(Object.fromEntries(top))] as const]), ...sections]);
}

function texts(members: Tree): Tree {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, [String(value)]]));
}
