import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { ListFile } from "../import-desk.ts";
import { isTable } from "../tables.ts";
import { DEEPEST_PATH, type DocumentPath, LineMap, type ListDocument, lineCounter } from "./list-document.ts";

/** A JSON document, with the comments that some tools allow. Throws where it is none. */
export function readJson(file: ListFile): ListDocument {
  const content = file.content.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined)
    throw new SyntaxError(`${wordsOf(printParseErrorCode(first.error))} in line ${lineCounter(content)(first.offset)}`);
  const whole: unknown = root === undefined ? undefined : getNodeValue(root);
  if (root === undefined || !isTable(whole)) throw new SyntaxError("it is no object");
  const lines = new LineMap();
  addLines(lines, root, [], lineCounter(content));
  return { whole, lineOf: (...path) => lines.get(path) };
}

/** "CloseBraceExpected" → "close brace expected" */
function wordsOf(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function addLines(lines: LineMap, node: Node, path: DocumentPath, lineAt: (offset: number) => number): void {
  if (path.length > DEEPEST_PATH) return;
  for (const [index, child] of (node.children ?? []).entries()) {
    const [name, value] = child.type === "property" ? (child.children ?? []) : [undefined, child];
    const at = [...path, name === undefined ? index : String(name.value)];
    lines.set(at, lineAt(child.offset));
    if (value !== undefined) addLines(lines, value, at, lineAt);
  }
}
