import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { ListFile } from "../import-desk.ts";
import { isTable } from "../tables.ts";
import { DEEPEST_PATH, type DocumentPath, LineMap, type ListDocument } from "./list-document.ts";

/** A YAML document without anchors. Throws where it is none. */
export function readYaml(file: ListFile): ListDocument {
  const counter = new LineCounter();
  const document = parseDocument(file.content, { uniqueKeys: false, logLevel: "error", lineCounter: counter });
  const [first] = document.errors;
  if (first !== undefined) throw first;
  const whole: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isTable(whole)) throw new SyntaxError("it is no table of names and values");
  const lines = new LineMap();
  addLines(lines, document.contents, [], counter);
  return { whole, lineOf: (...path) => lines.get(path) };
}

function addLines(lines: LineMap, node: unknown, path: DocumentPath, counter: LineCounter): void {
  if (path.length > DEEPEST_PATH) return;
  const members: readonly (readonly [name: string | number, place: unknown, value: unknown])[] = isMap(node)
    ? node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : "", key, value])
    : isSeq(node)
      ? node.items.map((item, index) => [index, item, item])
      : [];
  for (const [name, place, value] of members) {
    const at = [...path, name];
    const offset = isNode(place) ? place.range?.[0] : undefined;
    if (offset !== undefined) lines.set(at, counter.linePos(offset).line);
    addLines(lines, value, at, counter);
  }
}
