import { quotedValue } from "../formats/gitconfig.ts";
import { isRecord } from "../setting-value.ts";
import { edited } from "./ini-edit.ts";
import { type IniEntry, type IniFlavour, iniSections } from "./ini-sections.ts";
import type { Line } from "./lines.ts";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import { valuesOf } from "./plain-ini.ts";
import type { Tree } from "./tree.ts";

/** Git's INI: names of sections and keys in any letters, quoted subsections and values, a key repeated for a list. */
const FLAVOUR: IniFlavour = {
  sectionName(header) {
    const [, section, subsection] = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?\](?:[ \t]*[#;].*)?$/.exec(header) ?? [];
    if (section === undefined) throw notMergeable(`${header} is no header, or a key follows it`);
    return subsection === undefined ? section.toLowerCase() : sectionId(section, subsection.replace(/\\(.)/g, "$1"));
  },
  entryAt(lines, index) {
    const first = lines[index] as Line;
    const { text, from } = first;
    const [head = "", lead = "", key = "", sign = ""] = /^([ \t]*)([A-Za-z][A-Za-z0-9-]*)[ \t]*(=[ \t]*)?/.exec(text) ?? [];
    if (key === "" || (sign === "" && head.length < text.trimEnd().length && !/^[#;]/.test(text.slice(head.length))))
      throw notMergeable(`line ${index + 1} is no variable of Git`);
    const keyTo = from + lead.length + key.length;
    if (sign === "") {
      // a key alone means true
      const entry = {
        key: key.toLowerCase(),
        value: "true",
        from,
        to: first.to,
        keyTo,
        valueFrom: keyTo,
        valueTo: keyTo,
        comment: "",
        doubtful: false,
      };
      return { entry, lines: 1, hidden: [] };
    }
    const { value, last, end } = valueAt(lines, index, head.length);
    const lastLine = lines[last] as Line;
    const entry: IniEntry = {
      key: key.toLowerCase(),
      value,
      from,
      to: lastLine.to,
      keyTo,
      valueFrom: from + head.length,
      valueTo: lastLine.from + end,
      comment: "",
      doubtful: false,
    };
    return { entry, lines: last - index + 1, hidden: [] };
  },
};

export const gitConfig: MergeableFormat = {
  read: (text) => valuesOf(iniSections(text, FLAVOUR)),
  asRead: (keys) => Object.fromEntries(Object.entries(keys).flatMap(([section, members]) => sectionsOf(section, members))),
  edit: (text, changes) =>
    edited(text, changes, FLAVOUR, { same: (one, other) => one === other, value: quoted, indent: "\t", sign: " = ", header: headerOf }),
};

function sectionId(section: string, subsection: string): string {
  return `${section.toLowerCase()} "${subsection}"`;
}

function headerOf(id: string): string {
  const at = id.indexOf(" ");
  return at === -1 ? `[${id}]` : `[${id.slice(0, at)} "${id.slice(at + 2, -1).replace(/["\\]/g, "\\$&")}"]`;
}

function quoted(value: string): string {
  return quotedValue(value, "a value");
}

/** Sections by id: keys of a section itself, and those of each subsection. */
function sectionsOf(section: string, members: unknown): [string, Tree][] {
  if (!isRecord(members)) throw notMergeable(`${section} is outside a section`);
  const own = Object.entries(members).filter(([, value]) => !isRecord(value));
  const below = Object.entries(members).flatMap(([name, value]) =>
    isRecord(value) ? [[sectionId(section, name), texts(value)] as [string, Tree]] : [],
  );
  return [...(own.length === 0 ? [] : [[section.toLowerCase(), texts(Object.fromEntries(own))] as [string, Tree]]), ...below];
}

function texts(members: Tree): Tree {
  return Object.fromEntries(
    Object.entries(members).map(([key, value]) => [key.toLowerCase(), (Array.isArray(value) ? value : [value]).map(String)]),
  );
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b", "\\": "\\", '"': '"' };

interface Value {
  readonly value: string;
  /** The line on which it ends, and where in it. */
  readonly last: number;
  readonly end: number;
}

/** As Git reads it: blanks at the end fall away unless quoted, a comment ends it, a backslash goes on with the next line. */
function valueAt(lines: readonly Line[], index: number, from: number): Value {
  let value = "";
  let kept = 0;
  let isQuoted = false;
  let last = index;
  let end = from;
  for (let at = from; ; at += 1) {
    const text = lines[last]?.text ?? "";
    const letter = text[at];
    if (letter === undefined) {
      if (isQuoted) throw notMergeable("a quote does not end");
      return { value: value.slice(0, kept), last, end };
    }
    if (!isQuoted && (letter === "#" || letter === ";")) return { value: value.slice(0, kept), last, end };
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === "\\" && at + 1 === text.length) {
      if (last + 1 >= lines.length) throw notMergeable("a value goes on behind the end");
      last += 1;
      at = -1;
      end = 0;
      continue;
    } else if (letter === "\\") {
      const meant = ESCAPED[text[at + 1] ?? ""];
      if (meant === undefined) throw notMergeable("a backslash means nothing");
      value += meant;
      at += 1;
    } else value += letter;
    if (isQuoted || letter === '"' || letter === "\\" || (letter !== " " && letter !== "\t")) {
      kept = value.length;
      end = at + 1;
    }
  }
}
