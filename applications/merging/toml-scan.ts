import { notMergeable } from "./mergeable-format.ts";
import { nextLine } from "./splice.ts";
import type { Path } from "./tree.ts";

/** A key with its value, where the text has it. */
export interface TomlEntry {
  readonly path: Path;
  readonly from: number;
  readonly valueFrom: number;
  readonly valueTo: number;
  /** A comment stands within the value. */
  readonly commented: boolean;
  /** Behind its last line. */
  readonly to: number;
}

/** The part of one header; what stands before the first has an empty path. */
export interface TomlTable {
  readonly path: Path;
  /** In an array of tables, or below one: there is no telling which is meant. */
  readonly inArray: boolean;
  readonly from: number;
  /** Behind the header's line. */
  readonly to: number;
  readonly entries: TomlEntry[];
}

/** Where tables and keys stand. The text has been read by a parser before: what is wrong in it needs no telling. */
export function tomlTables(text: string): TomlTable[] {
  const tables: TomlTable[] = [{ path: [], inArray: false, from: 0, to: 0, entries: [] }];
  const arrays: Path[] = [];
  for (let at = 0; at < text.length; ) {
    const start = skip(text, at, " \t\r\n");
    if (start >= text.length) break;
    if (text[start] === "#") at = nextLine(text, start);
    else if (text[start] === "[") {
      const isArray = text[start + 1] === "[";
      const { path } = keyAt(text, start + (isArray ? 2 : 1));
      if (isArray) arrays.push(path);
      at = nextLine(text, start);
      tables.push({ path, inArray: arrays.some((array) => startsWith(path, array)), from: start, to: at, entries: [] });
    } else {
      const entry = entryAt(text, start, tables.at(-1)?.path ?? []);
      tables.at(-1)?.entries.push(entry);
      at = entry.to;
    }
  }
  return tables;
}

export function startsWith(path: Path, beginning: Path): boolean {
  return beginning.length <= path.length && beginning.every((part, index) => path[index] === part);
}

function entryAt(text: string, from: number, table: Path): TomlEntry {
  const { path, to: sign } = keyAt(text, from);
  if (text[sign] !== "=") throw notMergeable(`no "=" at ${sign}`);
  const valueFrom = skip(text, sign + 1, " \t");
  const { end: valueTo, commented } = valueEnd(text, valueFrom);
  return { path: [...table, ...path], from, valueFrom, valueTo, commented, to: nextLine(text, valueTo) };
}

function skip(text: string, at: number, letters: string): number {
  let end = at;
  while (end < text.length && letters.includes(text[end] ?? "")) end += 1;
  return end;
}

/** A key, dotted or not, and the place behind it. */
function keyAt(text: string, from: number): { readonly path: string[]; readonly to: number } {
  const path: string[] = [];
  for (let at = skip(text, from, " \t"); ; at = skip(text, at + 1, " \t")) {
    const quote = text[at];
    let end = at;
    if (quote === '"' || quote === "'") {
      end = stringEnd(text, at);
      const inner = text.slice(at + 1, end - 1);
      path.push(quote === "'" ? inner : unescaped(inner));
    } else {
      while (end < text.length && /[A-Za-z0-9_-]/.test(text[end] ?? "")) end += 1;
      path.push(text.slice(at, end));
    }
    at = skip(text, end, " \t");
    if (text[at] !== ".") return { path, to: at };
  }
}

function unescaped(inner: string): string {
  if (/\\[Uex]/.test(inner)) throw notMergeable("a key is escaped in a way that is not read here");
  return String(JSON.parse(`"${inner.replaceAll("\t", "\\t")}"`));
}

/** Behind a text of one line or of many. */
function stringEnd(text: string, from: number): number {
  const quote = text[from] ?? "";
  const isLong = text.startsWith(quote.repeat(3), from);
  const escapes = quote === '"';
  if (!isLong) {
    for (let at = from + 1; at < text.length; at += 1) {
      if (escapes && text[at] === "\\") at += 1;
      else if (text[at] === quote) return at + 1;
    }
    throw notMergeable("a text does not end");
  }
  for (let at = from + 3; at < text.length; at += 1) {
    if (escapes && text[at] === "\\") at += 1;
    else if (text.startsWith(quote.repeat(3), at)) {
      // up to two quotes may stand right before the three that end it
      let end = at + 3;
      while (end < at + 5 && text[end] === quote) end += 1;
      return end;
    }
  }
  throw notMergeable("a text does not end");
}

/** Behind the value: texts, lists and inline tables may go over lines; all else ends at a blank, a comment or the line's end. */
function valueEnd(text: string, from: number): { readonly end: number; readonly commented: boolean } {
  let depth = 0;
  let commented = false;
  const ended = (at: number) => ({ end: trimmedEnd(text, from, at), commented });
  for (let at = from; at < text.length; ) {
    const letter = text[at] ?? "";
    if (letter === '"' || letter === "'") at = stringEnd(text, at);
    else if (letter === "#") {
      if (depth === 0) return ended(at);
      commented = true;
      at = nextLine(text, at);
    } else if (depth === 0 && (letter === "\n" || letter === "\r")) return ended(at);
    else {
      if (letter === "[" || letter === "{") depth += 1;
      if (letter === "]" || letter === "}") depth -= 1;
      at += 1;
    }
  }
  return ended(text.length);
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text[end - 1] === " " || text[end - 1] === "\t")) end -= 1;
  return end;
}
