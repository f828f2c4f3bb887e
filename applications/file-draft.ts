import { CodedError } from "#foundation";
import { FormatError } from "./formats/format-error.ts";
import { renderLines, renderTree, type TreeFormat } from "./formats/index.ts";
import { isRecord } from "./setting-value.ts";

/** A file of the personal layer, whole. Path begins with ~/ or /run/. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** default: written once, the person's change stays. enforced: written at every start. */
  readonly apply: "default" | "enforced";
}

type Content =
  | { readonly format: TreeFormat; readonly merge: Readonly<Record<string, unknown>> }
  | { readonly format: "lines"; readonly lines: readonly string[] }
  | { readonly format: "text"; readonly content: string };

/** What one application, or the author, contributes to one file. */
export type FilePart = Content & { readonly path: string; readonly apply: "default" | "enforced"; readonly mode?: number };

/** `detail.path` says which file. */
export class FilePartError extends CodedError<"not_representable" | "two_formats" | "two_manners"> {
  override readonly name = "FilePartError";
}

const ORDINARY_MODE = 0o644;

/** Joins the parts of each file in their order: later values win. Throws `FilePartError`. */
export function plannedFiles(parts: readonly FilePart[]): PlannedFile[] {
  const byPath = new Map<string, FilePart[]>();
  for (const part of parts) byPath.set(part.path, [...(byPath.get(part.path) ?? []), part]);
  return [...byPath.entries()].map(([path, own]) => joined(path, own));
}

function joined(path: string, parts: readonly FilePart[]): PlannedFile {
  const refuse = (code: "two_formats" | "two_manners", message: string) => new FilePartError(code, message, { detail: { path } });
  const first = parts[0] ?? { path, format: "text", content: "", apply: "default" };
  for (const part of parts) {
    if (part.format !== first.format) throw refuse("two_formats", `${path} is ${first.format} for another application, not ${part.format}`);
    if (part.apply !== first.apply) throw refuse("two_manners", `${path} is "${first.apply}" for another application, not "${part.apply}"`);
  }
  const mode = parts.findLast((part) => part.mode !== undefined)?.mode ?? ORDINARY_MODE;
  return { path, content: contentOf(path, first, parts), mode, apply: first.apply };
}

function contentOf(path: string, first: FilePart, parts: readonly FilePart[]): string {
  try {
    if (first.format === "text") return parts.flatMap((part) => (part.format === "text" ? [part.content] : [])).at(-1) ?? "";
    if (first.format === "lines") return renderLines(parts.flatMap((part) => (part.format === "lines" ? part.lines : [])));
    const trees = parts.flatMap((part) => ("merge" in part ? [part.merge] : []));
    return renderTree(first.format, trees.reduce(mergedTree, {}));
  } catch (error) {
    if (error instanceof FormatError)
      throw new FilePartError("not_representable", `${path}: ${error.message}`, { cause: error, detail: { path } });
    throw error;
  }
}

/** Objects are merged member by member; everything else is replaced. Built of own properties alone, whatever the names. */
export function mergedTree(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const members = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(over)) {
    const present = members.get(name);
    members.set(name, isRecord(present) && isRecord(value) ? mergedTree(present, value) : value);
  }
  return Object.fromEntries(members);
}
