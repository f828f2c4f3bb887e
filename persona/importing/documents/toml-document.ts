import { parse } from "smol-toml";
import type { ListFile } from "../import-desk.ts";
import type { Table } from "../tables.ts";
import { LineMap, type ListDocument } from "./list-document.ts";

/** A TOML document. Throws where it is none. */
export function readToml(file: ListFile): ListDocument {
  const content = file.content.replace(/^\uFEFF/, "");
  const whole = parse(content) as Table;
  const lines = linesOf(content);
  return { whole, lineOf: (...path) => lines.get(path) };
}

type Token = { readonly text: string; readonly kind: "string" | "word" | "mark" | "end"; readonly line: number };

/** Of tables, keys and the members of lists that are values. smol-toml tells no places; what it read is well-formed, so that little is to be known. */
function linesOf(content: string): LineMap {
  const lines = new LineMap();
  const tables = new Map<string, number>();
  let table: (string | number)[] = [];
  let key: string[] = [];
  let state: "key" | "header" | "value" = "key";
  let depth = 0;
  let member = 0;
  for (const { text, kind, line } of tokensOf(content)) {
    const isMark = (marks: string) => kind === "mark" && marks.includes(text);
    if (state === "value") {
      if (kind === "end" && depth === 0) [state, key] = ["key", []];
      if (isMark("]}")) depth--;
      else if (depth === 1 && isMark(",")) member++;
      else if (depth === 1 && kind !== "end") lines.set([...table, ...key, member], line);
      if (isMark("[{")) depth++;
    } else if (kind === "end") {
      if (state === "header") {
        const name = key.join("\0");
        const count = depth > 1 ? (tables.get(name) ?? 0) : undefined;
        if (count !== undefined) tables.set(name, count + 1);
        table = count === undefined ? key : [...key, count];
        lines.set(table, line);
        for (const length of key.keys()) lines.set(key.slice(0, length + 1), line);
      }
      [state, key, depth] = ["key", [], 0];
    } else if (isMark("[")) {
      state = "header";
      depth++;
    } else if (isMark("=")) {
      lines.set([...table, ...key], line);
      [state, member, depth] = ["value", 0, 0];
    } else if (kind !== "mark") key.push(text);
  }
  return lines;
}

function* tokensOf(content: string): Generator<Token> {
  let line = 1;
  for (let at = 0; at < content.length; ) {
    const character = content[at] ?? "";
    const [long] = [`"""`, `'''`].filter((quotes) => content.startsWith(quotes, at));
    if (long !== undefined || character === '"' || character === "'") {
      const quotes = long ?? character;
      const end = endOf(content, at + quotes.length, quotes);
      const text = content.slice(at + quotes.length, end);
      yield { text, kind: "string", line };
      line += text.split("\n").length - 1;
      at = end + quotes.length;
    } else if (character === "\n") {
      yield { text: "", kind: "end", line: line++ };
      at++;
    } else if (character === "#") {
      const end = content.indexOf("\n", at);
      at = end === -1 ? content.length : end;
    } else {
      const [word = ""] = /^[A-Za-z0-9_+:-]{1,100}/.exec(content.slice(at, at + 100)) ?? [];
      if (word !== "") yield { text: word, kind: "word", line };
      else if (!/\s|\./.test(character)) yield { text: character, kind: "mark", line };
      at += Math.max(1, word.length);
    }
  }
  yield { text: "", kind: "end", line };
}

function endOf(content: string, from: number, quotes: string): number {
  let at = from;
  while (at < content.length && !content.startsWith(quotes, at)) at += quotes.startsWith('"') && content[at] === "\\" ? 2 : 1;
  return at;
}
