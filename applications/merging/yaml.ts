import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
} from "yaml";
import { renderTree } from "../formats/index.ts";
import { isRecord } from "../setting-value.ts";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import { lineEndOf, lineStart, nextLine, type Splice, spliced, withLastLineEnded } from "./splice.ts";
import type { Change, Path, Tree } from "./tree.ts";

/** One document. Values are set where they stand: below an anchor only where nothing else uses it, which comparing tells. */
export const yaml: MergeableFormat = {
  read: (text) => treeOf(documentOf(text)),
  asRead: (keys) => keys,
  edit,
};

function documentOf(text: string): Document.Parsed {
  // "<<" takes in what it points to, as most programs read it; a second document is an error. The parser's own look for names that are
  // there twice takes time by the square of their number
  const document = parseDocument(text, { merge: true, prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, { Map: (_, map) => checkNames(map) });
  return document;
}

function checkNames({ items }: YAMLMap): void {
  const names = items.flatMap(({ key }) => (isScalar(key) && key.value !== "<<" ? [String(key.value)] : []));
  if (new Set(names).size !== names.length) throw notMergeable("a name is there twice");
}

/** An alias may stand for much: the parser gives up at a hundred times of what is written. */
function treeOf(document: Document.Parsed): Tree {
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (value === null) return {};
  if (!isRecord(value)) throw notMergeable("it is not an object");
  return value;
}

function edit(original: string, changes: readonly Change[]): string {
  const lineEnd = lineEndOf(original);
  const text = withLastLineEnded(original, lineEnd);
  const { contents } = documentOf(text);
  const [first, ...others] = changes;
  if (first === undefined) return text;
  if (!isMap(contents)) return edit(withFirst(text, first, lineEnd), others);
  const places = changes.map((change) => ({ change, place: nearestTo(contents, change.path) }));
  const splices = places.map(({ change, place }) => splicesFor(text, place, change.value, lineEnd));
  // an empty object is written differently from the second key on
  if (!places.some(({ place: { map } }) => map.items.length === 0)) return spliced(text, splices.flat());
  return edit(spliced(text, splices[0] ?? []), others);
}

/** Those of one place go in the order of the changes, in which the keys of an object come before those that are added behind it. */
function splicesFor(text: string, { map, pair, rest }: Place, value: unknown, lineEnd: string): Splice[] {
  if (pair !== undefined) return replacement(text, map, pair, value);
  const [name = "", ...below] = rest;
  const whole = below.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
  return [map.flow === true ? inFlow(map, name, whole) : inBlock(text, map, name, whole, lineEnd)];
}

/** A text of comments alone, or of nothing. */
function withFirst(text: string, { path, value }: Change, lineEnd: string): string {
  const tree = path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as Tree;
  if (text.split("\n").some((line) => !/^\s*(?:#|$)/.test(line))) throw notMergeable("it has marks and no content");
  return text + renderTree("yaml", tree).replaceAll("\n", lineEnd);
}

interface Place {
  readonly map: YAMLMap;
  /** The value that stands there, of `map`. */
  readonly pair: Pair | undefined;
  /** What is missing below `map`. */
  readonly rest: Path;
}

function nearestTo(root: YAMLMap, path: Path): Place {
  let map = root;
  for (const [index, name] of path.entries()) {
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === name);
    const rest = path.slice(index);
    if (pair === undefined || index === path.length - 1) return { map, pair, rest };
    if (isAlias(pair.value)) throw notMergeable("below an alias");
    if (!isMap(pair.value)) return { map, pair, rest };
    map = pair.value;
  }
  throw notMergeable("the whole");
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as Node | null)?.range;
  if (range === undefined || range === null) throw notMergeable("it is not known where it stands");
  return [range[0], range[1]];
}

/** On the line of the key. A block of lines goes with its lines; an anchor or tag of the old value has no meaning for the new one. */
function replacement(text: string, map: YAMLMap, { key, value }: Pair, wanted: unknown): Splice[] {
  const keyTo = rangeOf(key)[1];
  const written = inline(wanted);
  const colon = text.indexOf(":", keyTo);
  if (text.slice(keyTo, colon).trim() !== "") throw notMergeable("a key that is not followed by its colon");
  if (value === null || (isScalar(value) && value.source === "" && rangeOf(value)[0] === rangeOf(value)[1] && value.type === "PLAIN"))
    return [{ from: colon + 1, to: colon + 1, text: ` ${written}` }];
  const node = value as Node & { anchor?: string; tag?: string };
  if (node.anchor !== undefined) throw notMergeable("an anchor is set there");
  const [from, to] = rangeOf(value);
  if (text.slice(colon + 1, from).trim() !== "" && !text.slice(colon + 1, from).includes("#")) throw notMergeable("a tag is set there");
  if (isCollection(value) && /(?:^|[ \t])#/m.test(text.slice(lineStart(text, from), to)))
    throw notMergeable("a comment stands in the value");
  const isLines =
    (isCollection(value) && value.flow !== true && map.flow !== true) ||
    (isScalar(value) && (value.type === "BLOCK_LITERAL" || value.type === "BLOCK_FOLDED"));
  if (!isLines) return [{ from, to, text: written }];
  // the lines of the old value go; what stands between the colon and them stays
  const first = isScalar(value) ? from : lineStart(text, from);
  const last = text.slice(first, to).trimEnd().length + first;
  const onKeyLine = first <= nextLine(text, colon) - 1;
  if (onKeyLine) return [{ from, to: last, text: written }];
  return [
    { from: colon + 1, to: colon + 1, text: ` ${written}` },
    { from: first, to: nextLine(text, last), text: "" },
  ];
}

/** One line, of which JSON is a part of YAML; plain words as YAML writes them, so that older readers take them the same. */
function inline(value: unknown): string {
  if (isRecord(value) || Array.isArray(value)) return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  if (typeof value === "string")
    return /^[A-Za-z][A-Za-z0-9 ._/-]*[A-Za-z0-9]$/.test(value) ? plainWord(value) : JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return String(value);
}

function plainWord(text: string): string {
  return stringify(text, { lineWidth: 0, compat: "yaml-1.1" }).trimEnd();
}

function inFlow(map: YAMLMap, name: string, value: unknown): Splice {
  const [from] = rangeOf(map);
  const separator = map.items.length === 0 ? "" : ", ";
  return { from: from + 1, to: from + 1, text: `${JSON.stringify(name)}: ${inline(value)}${separator}` };
}

/** Behind the last key of the object, as deep as its keys. */
function inBlock(text: string, map: YAMLMap, name: string, value: unknown, lineEnd: string): Splice {
  const last = map.items.at(-1);
  if (last === undefined) throw notMergeable("an object without keys");
  const column = rangeOf(map.items[0]?.key)[0] - lineStart(text, rangeOf(map.items[0]?.key)[0]);
  const end =
    last.value === null || last.value === undefined ? rangeOf(last.key)[1] : Math.max(rangeOf(last.value)[1], rangeOf(last.key)[1]);
  const stop = text.slice(0, end).trimEnd().length;
  const at = nextLine(text, Math.max(stop, 1) - 1);
  const indent = " ".repeat(column);
  const lines = renderTree("yaml", { [name]: value })
    .trimEnd()
    .split("\n");
  return { from: at, to: at, text: lines.map((line) => indent + line + lineEnd).join("") };
}
