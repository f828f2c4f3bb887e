import { createScanner, getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import { type MergeableFormat, notMergeable } from "./mergeable-format.ts";
import { indentOf, lineEndOf, lineStart, nextLine, type Splice, spliced } from "./splice.ts";
import type { Change, Path, Tree } from "./tree.ts";

/** JSON with or without comments and trailing commas. */
export const json: MergeableFormat = {
  read: (text) => treeOf(rootOf(text)),
  asRead: (keys) => keys,
  // each change is made on its own: two of them may add to one object
  edit: (text, changes) => changes.reduce((edited, change) => withChange(edited, change), text),
};

function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root?.type !== "object") throw notMergeable("it is no object of JSON");
  return root;
}

/** Not by `getNodeValue`, which knows no member called __proto__. */
function treeOf(node: Node): Tree {
  const members = (node.children ?? []).map((member) => [nameOf(member), memberValue(member)] as const);
  const tree = Object.fromEntries(members);
  if (Object.keys(tree).length !== members.length) throw notMergeable("a name is there twice");
  return tree;
}

function memberValue(member: Node): unknown {
  const value = member.children?.[1];
  return value === undefined ? undefined : plain(value);
}

function plain(node: Node): unknown {
  if (node.type === "object") return treeOf(node);
  return node.type === "array" ? (node.children ?? []).map(plain) : getNodeValue(node);
}

function nameOf(member: Node): string {
  return String(member.children?.[0]?.value);
}

function withChange(text: string, { path, value }: Change): string {
  const { node, rest } = nearestTo(rootOf(text), path);
  const lineEnd = lineEndOf(text);
  const unit = unitOf(text);
  if (rest.length === 0 && hasComment(text, node)) throw notMergeable("a comment stands in the value");
  if (rest.length === 0) return spliced(text, [replacement(text, node, value, unit, lineEnd)]);
  const [name = "", ...below] = rest;
  const member = { name, value: below.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) };
  return spliced(text, insertions(text, node, member, { unit, lineEnd }));
}

function hasComment(text: string, { offset, length }: Node): boolean {
  const scanner = createScanner(text.slice(offset, offset + length), false);
  while (scanner.scan() && scanner.getTokenLength() > 0) if (text[offset + scanner.getTokenOffset()] === "/") return true;
  return false;
}

/** The node at the path, or the last object on the way with what is missing from there. */
function nearestTo(root: Node, path: Path): { readonly node: Node; readonly rest: Path } {
  let node = root;
  for (const [index, name] of path.entries()) {
    const next = node.children?.find((member) => nameOf(member) === name)?.children?.[1];
    if (next === undefined) return { node, rest: path.slice(index) };
    if (next.type !== "object") return { node: next, rest: [] };
    node = next;
  }
  return { node, rest: [] };
}

function replacement(text: string, node: Node, value: unknown, unit: string, lineEnd: string): Splice {
  return { from: node.offset, to: node.offset + node.length, text: written(value, unit, indentOf(text, node.offset), lineEnd) };
}

function written(value: unknown, unit: string, indent: string, lineEnd: string): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", `${lineEnd}${indent}`);
}

interface Style {
  readonly unit: string;
  readonly lineEnd: string;
}

interface Member {
  readonly name: string;
  readonly value: unknown;
}

/** Behind the last member, with its comment left beside it; with a comma where there is none yet. */
function insertions(text: string, object: Node, { name, value }: Member, { unit, lineEnd }: Style): Splice[] {
  const last = object.children?.at(-1);
  const outer = indentOf(text, object.offset);
  const body = (indent: string) => `${JSON.stringify(name)}: ${written(value, unit, indent, lineEnd)}`;
  if (last === undefined) return [insertedIntoEmpty(text, object, outer, body(`${outer}${unit}`), { unit, lineEnd })];
  const end = last.offset + last.length;
  const { comma, behind, lineComment } = behindMember(text, end, object.offset + object.length - 1);
  const own = beginsLine(text, last);
  const indent = own ? indentOf(text, last.offset) : `${outer}${unit}`;
  // a comment to the line's end would take what follows into itself
  const lead = own || lineComment ? `${lineEnd}${indent}` : " ";
  const added = { from: behind, to: behind, text: `${lead}${body(own || lineComment ? indent : outer)}${comma ? "," : ""}` };
  return comma ? [added] : [{ from: end, to: end, text: "," }, added];
}

function beginsLine(text: string, { offset }: Node): boolean {
  return text.includes("\n") && lineStart(text, offset) + indentOf(text, offset).length === offset;
}

function insertedIntoEmpty(text: string, object: Node, outer: string, body: string, { unit, lineEnd }: Style): Splice {
  const open = object.offset + 1;
  const close = object.offset + object.length - 1;
  const inner = text.slice(open, close);
  const line = `${outer}${unit}${body}${lineEnd}`;
  if (inner.trim() === "") return { from: open, to: close, text: `${lineEnd}${line}${outer}` };
  // comments alone: they stay, and a brace with a line of its own keeps it
  const lastLine = inner.lastIndexOf("\n") + 1;
  if (lastLine > 0 && inner.slice(lastLine).trim() === "") return { from: open + lastLine, to: open + lastLine, text: line };
  return { from: close, to: close, text: `${lineEnd}${line}${outer}` };
}

interface Behind {
  readonly comma: boolean;
  /** The end of what stands behind the member on its line: comma and comments. */
  readonly behind: number;
  readonly lineComment: boolean;
}

function behindMember(text: string, end: number, close: number): Behind {
  const scanner = createScanner(text, false);
  scanner.setPosition(end);
  const lineIsOver = nextLine(text, end);
  let comma = false;
  let behind = end;
  let lineComment = false;
  while (scanner.scan() && scanner.getTokenLength() > 0 && scanner.getTokenOffset() < close) {
    const from = scanner.getTokenOffset();
    const to = from + scanner.getTokenLength();
    const isComma = text[from] === ",";
    if (isComma) comma = true;
    if (!isComma && !(text[from] === "/" && from < lineIsOver)) continue;
    behind = to;
    lineComment = text.startsWith("//", from);
  }
  return { comma, behind, lineComment };
}

/** What one level is indented by: as the first indented line is. */
function unitOf(text: string): string {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "";
  if (indent === "") return "  ";
  return indent.startsWith("\t") ? "\t" : indent;
}
