import { MAXIMUM_PERSONA_BYTES, MAXIMUM_PERSONA_DEPTH, type Problem } from "@guise/contract";
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type Fault, fault } from "#applications";
import { forbiddenKey, isForbiddenKey } from "./document-shape.ts";
import { type PathTokens, problemOf } from "./json-path.ts";

export type DocumentReading =
  | { readonly document: unknown; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly document?: never };

/** Strict JSON: at most 256 KiB, 32 levels, no key twice, no key of JavaScript's own. Broken JSON is reported by line and column. */
export function readDocument(text: string): DocumentReading {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAXIMUM_PERSONA_BYTES)
    return { problems: [{ path: "$", code: "too_large", message: `has ${bytes} bytes; at most ${MAXIMUM_PERSONA_BYTES} are read` }] };
  if (!text.isWellFormed()) return { problems: [{ path: "$", code: "syntax", message: "is not well-formed Unicode" }] };
  const deep = depthExceededAt(text);
  if (deep !== undefined)
    return {
      problems: [{ path: position(text, deep), code: "too_large", message: `is nested deeper than ${MAXIMUM_PERSONA_DEPTH} levels` }],
    };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  if (errors.length > 0 || tree === undefined) return { problems: [syntaxProblem(text, errors[0])] };
  const faults: Fault[] = [];
  const document = builtFrom(tree, [], text, faults);
  return faults.length > 0 ? { problems: faults.map(problemOf) } : { document };
}

/** The first alone: what a parser says after it is mostly about the same place. */
function syntaxProblem(text: string, error: ParseError | undefined): Problem {
  const message = error === undefined ? "a value is expected" : words(printParseErrorCode(error.error));
  return { path: position(text, error?.offset ?? 0), code: "syntax", message };
}

/** "CommaExpected" → "comma expected". */
function words(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `line ${line}, column ${offset - before.lastIndexOf("\n")}`;
}

/** The parser recurses: depth is bounded before it sees the text. */
function depthExceededAt(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index++;
      else if (character === '"' || character === "\n") inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      if (++depth > MAXIMUM_PERSONA_DEPTH) return index;
    } else if (character === "}" || character === "]") depth--;
  }
  return undefined;
}

function builtFrom(node: Node, at: PathTokens, text: string, faults: Fault[]): unknown {
  if (node.type === "array") return (node.children ?? []).map((child, index) => builtFrom(child, [...at, index], text, faults));
  if (node.type !== "object") return node.value;
  const members = new Map<string, unknown>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) continue;
    const key = String(keyNode.value);
    if (isForbiddenKey(key)) faults.push(forbiddenKey(at, key));
    if (members.has(key)) faults.push(fault([...at, key], "syntax", `stands twice, again at ${position(text, keyNode.offset)}`));
    members.set(key, builtFrom(valueNode, [...at, key], text, faults));
  }
  return Object.fromEntries(members);
}
