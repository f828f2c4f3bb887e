import { applyEdits, modify, type ParseError, parse, parseTree, printParseErrorCode } from "jsonc-parser";

/** A place in a draft: names of members and numbers of items. */
export type DraftPath = readonly (string | number)[];

export interface ReadDraft {
  /** What stands in the text; where a part of it cannot be read, what could be. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Why the text is no JSON object; the form then waits until it is. */
  readonly fault: { readonly offset: number; readonly length: number; readonly message: string } | undefined;
}

/** As people write JSON, and as the members that are added are written. */
const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } } as const;

export function readDraft(text: string): ReadDraft {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined) {
    const { offset, length, error } = first;
    return {
      value: isRecord(value) ? value : {},
      fault: { offset, length, message: `it is no JSON here: ${wordsOf(printParseErrorCode(error))}` },
    };
  }
  if (!isRecord(value))
    return { value: {}, fault: { offset: 0, length: text.length, message: "a persona is an object: it begins with {" } };
  return { value, fault: undefined };
}

export function at(value: unknown, path: DraftPath): unknown {
  return path.reduce<unknown>((inside, step) => {
    if (Array.isArray(inside)) return typeof step === "number" ? inside[step] : undefined;
    return isRecord(inside) && Object.hasOwn(inside, step) ? inside[step] : undefined;
  }, value);
}

/**
 * The text with another value at a place; undefined takes the member out, and what held nothing else with it. All else stays as it was
 * written. The text must be an object. Pure.
 */
export function withValue(text: string, path: DraftPath, value: unknown): string {
  if (value === undefined) return without(text, path);
  return applyEdits(text, modify(text, [...path], value, FORMAT));
}

function without(text: string, path: DraftPath): string {
  const { value } = readDraft(text);
  let gone = path;
  if (at(value, gone) === undefined) return text;
  for (let parent = gone.slice(0, -1); holdsOne(at(value, parent)) && !isKeptEmpty(parent); parent = parent.slice(0, -1)) gone = parent;
  return applyEdits(text, modify(text, [...gone], undefined, FORMAT));
}

/** What says something even when it holds nothing, or must be there: an environment may differ in nothing yet. */
function isKeptEmpty([first, ...rest]: DraftPath): boolean {
  if (first === undefined) return true;
  if (first === "environments") return rest.length <= 1 || isOneOfMany(rest.slice(1));
  return isOneOfMany([first, ...rest]) || (rest.length === 0 && (first === "required_applications" || first === "resource_requirements"));
}

/** One of what the form lists: it goes when it is taken out, and not when the last of its fields is emptied. */
function isOneOfMany([first, second, ...rest]: DraftPath): boolean {
  if (second === undefined) return false;
  switch (first) {
    case "applications":
    case "parameters":
    case "ports":
      return rest.length === 0;
    case "application_configuration":
      return second === "files" && rest.length === 1;
    case "checks":
      return rest.length === 0 || (rest.length === 1 && rest[0] === "expect");
    default:
      return false;
  }
}

function holdsOne(value: unknown): boolean {
  if (Array.isArray(value)) return value.length <= 1;
  return isRecord(value) && Object.keys(value).length <= 1;
}

/** The words of a place, `$.a.b[0]["~/.x"]`, as its steps; undefined for what is no place of a document. */
export function stepsOf(path: string): DraftPath | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  let rest = path.slice(1);
  while (rest !== "") {
    const named = /^\.([A-Za-z_$][A-Za-z0-9_$-]*)/.exec(rest);
    const numbered = /^\[(\d+)\]/.exec(rest);
    const quoted = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest);
    const found = named ?? numbered ?? quoted;
    if (found === null) return undefined;
    if (named !== null) steps.push(named[1] ?? "");
    else if (numbered !== null) steps.push(Number(numbered[1]));
    else if (quoted !== null) steps.push(JSON.parse(quoted[1] ?? '""') as string);
    rest = rest.slice(found[0].length);
  }
  return steps;
}

/** Where a place stands in the text; where there is nothing, the nearest that holds it. Offsets of UTF-16. */
export function rangeOf(text: string, path: DraftPath): { readonly from: number; readonly to: number } {
  let node = parseTree(text, [], { disallowComments: true });
  let range = { from: 0, to: Math.min(1, text.length) };
  for (const step of path) {
    if (node?.type === "object") {
      const property = node.children?.find(({ children }) => children?.[0]?.value === step);
      const [key, value] = property?.children ?? [];
      if (key === undefined) return range;
      range = { from: key.offset, to: key.offset + key.length };
      node = value;
    } else if (node?.type === "array") {
      node = typeof step === "number" ? node.children?.[step] : undefined;
      if (node === undefined) return range;
    } else return range;
    if (node !== undefined && node.type !== "object" && node.type !== "array") range = { from: node.offset, to: node.offset + node.length };
  }
  return range;
}

/** The texts in a list; none where it is no list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** "CommaExpected" → "comma expected". */
function wordsOf(code: string): string {
  return code.replace(/[A-Z]/g, (letter, index: number) => `${index === 0 ? "" : " "}${letter.toLowerCase()}`);
}
