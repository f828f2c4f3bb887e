import { parse } from "smol-toml";
import { isRecord } from "../setting-value.ts";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import { indentOf, lineEndOf, lineStart, type Splice, spliced, withLastLineEnded } from "./splice.ts";
import { startsWith, type TomlTable, tomlTables } from "./toml-scan.ts";
import { type Change, leavesOf, type Path } from "./tree.ts";

export const toml: MergeableFormat = {
  read: (text) => parse(text, { integersAsBigInt: "asNeeded" }),
  asRead: (keys) => keys,
  // each change is made on its own: one may add the table of the next
  edit: (text, changes) => changes.flatMap(({ path, value }) => leavesOf(value, path)).reduce(withLeaf, text),
};

function withLeaf(original: string, leaf: Change): string {
  const lineEnd = lineEndOf(original);
  const text = withLastLineEnded(original, lineEnd);
  const tables = tomlTables(text);
  const { path, value } = leaf;
  if (tables.some((table) => table.inArray && (startsWith(path, table.path) || startsWith(table.path, path))))
    throw notMergeable("in a list of tables");
  const entries = tables.filter(({ inArray }) => !inArray).flatMap((table) => table.entries);
  const present = entries.find((entry) => entry.path.length === path.length && startsWith(path, entry.path));
  if (present?.commented === true) throw notMergeable("a comment stands in the value");
  if (present !== undefined) return spliced(text, [{ from: present.valueFrom, to: present.valueTo, text: tomlValue(value) }]);
  if (entries.some((entry) => startsWith(path, entry.path) || startsWith(entry.path, path)))
    throw notMergeable("in an inline table, or a table is there");
  if (tables.some((table) => table.path.length > 0 && startsWith(table.path, path))) throw notMergeable("a table is there");
  return inserted(text, tables, leaf, lineEnd);
}

/** In the table's own part; else beside dotted keys of the same table; else in a new table at the end. */
function inserted(text: string, tables: readonly TomlTable[], { path, value }: Change, lineEnd: string): string {
  const parent = path.slice(0, -1);
  const isEmptyTable = isRecord(value);
  const own = isEmptyTable ? undefined : tables.find((table) => !table.inArray && isPath(table.path, parent));
  if (own !== undefined && (parent.length > 0 || own.entries.length > 0))
    return spliced(text, [behind(text, own, [path.at(-1) ?? ""], value, lineEnd)]);
  if (own !== undefined) return spliced(text, [atTop(text, tables[1], `${tomlKey(path)} = ${tomlValue(value)}${lineEnd}`)]);
  const dotted = tables.find(
    (table) =>
      !table.inArray &&
      table.entries.some((entry) => entry.path.length > table.path.length + 1 && startsWith(entry.path.slice(0, -1), parent)),
  );
  if (dotted !== undefined) return spliced(text, [behind(text, dotted, path.slice(dotted.path.length), value, lineEnd)]);
  const gap = text.trim() === "" ? "" : lineEnd;
  const lines = isEmptyTable ? [`[${tomlKey(path)}]`] : [`[${tomlKey(parent)}]`, `${tomlKey(path.slice(-1))} = ${tomlValue(value)}`];
  return text + gap + lines.map((line) => line + lineEnd).join("");
}

function isPath(one: Path, other: Path): boolean {
  return one.length === other.length && startsWith(one, other);
}

function behind(text: string, table: TomlTable, key: Path, value: unknown, lineEnd: string): Splice {
  const last = table.entries.at(-1);
  const at = last?.to ?? table.to;
  return { from: at, to: at, text: `${indentOf(text, last?.from ?? table.from)}${tomlKey(key)} = ${tomlValue(value)}${lineEnd}` };
}

/** Above the first header and the comments that belong to it. */
function atTop(text: string, first: TomlTable | undefined, line: string): Splice {
  let at = first === undefined ? text.length : lineStart(text, first.from);
  while (first !== undefined && at > 0) {
    const above = lineStart(text, at - 1);
    if (!text.slice(above, at).trimStart().startsWith("#")) break;
    at = above;
  }
  return { from: at, to: at, text: line };
}

function tomlKey(path: Path): string {
  return path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : tomlText(part))).join(".");
}

function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function tomlValue(value: unknown): string {
  if (typeof value === "string") return tomlText(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, member]) => `${tomlKey([name])} = ${tomlValue(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw notMergeable("TOML has no null");
}
