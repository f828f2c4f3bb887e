import { propertiesEntry, propertiesKey } from "../formats/properties.ts";
import { isRecord } from "../setting-value.ts";
import { type Line, linesOf } from "./lines.ts";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import { lineEndOf, type Splice, spliced, withLastLineEnded } from "./splice.ts";
import { leavesOf, type Tree } from "./tree.ts";

/** Java properties: the last value of a name counts. */
export const properties: MergeableFormat = {
  read: (text) => Object.fromEntries(entriesOf(text).map(({ key, value }) => [key, value])),
  asRead: (keys) => flat(keys),
  edit(original, changes) {
    const lineEnd = lineEndOf(original);
    const text = withLastLineEnded(original, lineEnd);
    const entries = entriesOf(text);
    const splices: Splice[] = [];
    const added: string[] = [];
    for (const { path, value } of changes.flatMap(({ path, value }) => leavesOf(value, path))) {
      const [key = ""] = path;
      const present = entries.findLast((entry) => entry.key === key);
      if (present === undefined) added.push(propertiesEntry(key, String(value)) + lineEnd);
      else splices.push(replaced(present, String(value)));
    }
    const last = entries.at(-1);
    // behind the last key: comments at the end stay at the end
    const at = last?.lineTo ?? text.length;
    return spliced(text, [...splices, { from: at, to: at, text: added.join("") }]);
  },
};

function replaced({ key, valueFrom, valueTo, hasSign }: Entry, value: string): Splice {
  const text = propertiesEntry(key, value).slice(propertiesKey(key).length);
  return { from: valueFrom, to: valueTo, text: hasSign ? text.slice(1) : text };
}

function flat(keys: Tree, prefix = ""): Tree {
  const pairs = Object.entries(keys).flatMap(([key, value]): [string, unknown][] => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    return isRecord(value) ? Object.entries(flat(value, name)) : [[name, String(value)]];
  });
  return Object.fromEntries(pairs);
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly valueFrom: number;
  readonly valueTo: number;
  readonly lineTo: number;
  readonly hasSign: boolean;
}

function entriesOf(text: string): Entry[] {
  const lines = linesOf(text);
  const entries: Entry[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const first = lines[index] as Line;
    const content = first.text.trimStart();
    if (content === "" || content.startsWith("#") || content.startsWith("!")) continue;
    const own = [first];
    while (goesOn(own.at(-1)?.text ?? "") && index + 1 < lines.length) {
      index += 1;
      own.push(lines[index] as Line);
    }
    entries.push(entryOf(own));
  }
  return entries;
}

/** An odd number of backslashes ends the line. */
function goesOn(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === "\\") count += 1;
  return count % 2 === 1;
}

/** Letters with their places in the text, without what only joins lines. */
function lettersOf(own: readonly Line[]): { readonly letters: string; readonly places: readonly number[] } {
  let letters = "";
  const places: number[] = [];
  for (const [index, { from, text: line }] of own.entries()) {
    const start = line.length - line.trimStart().length;
    const end = index < own.length - 1 ? line.length - 1 : goesOn(line) ? line.length - 1 : line.length;
    for (let at = start; at < end; at += 1) places.push(from + at);
    letters += line.slice(start, end);
  }
  return { letters, places };
}

function entryOf(own: readonly Line[]): Entry {
  const last = own.at(-1) as Line;
  const { letters, places } = lettersOf(own);
  let keyTo = 0;
  while (keyTo < letters.length && !/[ \t\f=:]/.test(letters[keyTo] ?? "")) keyTo += letters[keyTo] === "\\" ? 2 : 1;
  keyTo = Math.min(keyTo, letters.length);
  const head = /^[ \t\f]*[=:]?[ \t\f]*/.exec(letters.slice(keyTo))?.[0] ?? "";
  const valueAt = keyTo + head.length;
  const end = last.from + last.text.length;
  return {
    key: unescaped(letters.slice(0, keyTo)),
    value: unescaped(letters.slice(valueAt)),
    valueFrom: places[valueAt] ?? end,
    valueTo: end,
    lineTo: last.to,
    hasSign: head !== "",
  };
}

const NAMED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(u)|([\s\S]))/g, (_, code?: string, bad?: string, letter: string = "") => {
    if (bad !== undefined) throw notMergeable("\\u without four digits");
    return code === undefined ? (NAMED[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
  });
}
