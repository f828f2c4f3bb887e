import type { FileApply } from "@guise/contract";
import { CodedError } from "#foundation";
import { FormatError } from "./formats/format-error.ts";
import { renderLines, renderTree, type TreeFormat } from "./formats/index.ts";
import { isRecord } from "./setting-value.ts";

/** A file of the personal layer. Path begins with ~/ or /run/. */
export interface PlannedFile {
  readonly path: string;
  /** Where nothing is yet, and for `replace` whatever is. */
  readonly content: string;
  readonly mode: number;
  readonly apply: FileApply;
  /** What is set in a file that is there already; without it, a default leaves such a file alone. */
  readonly merge?: { readonly format: TreeFormat; readonly keys: Readonly<Record<string, unknown>> };
}

type Content =
  | { readonly format: TreeFormat; readonly merge: Readonly<Record<string, unknown>> }
  | { readonly format: "lines"; readonly lines: readonly string[] }
  | { readonly format: "text"; readonly content: string };

/** What one application, or the author, contributes to one file. */
export type FilePart = Content & { readonly path: string; readonly apply: FileApply; readonly mode?: number };

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
  const content = contentOf(path, first, parts);
  if (first.format === "text" || first.format === "lines")
    // nothing can be set in it but all of it
    return { path, content, mode, apply: first.apply === "default" ? "default" : "replace" };
  const file = { path, content, mode, apply: first.apply };
  return first.apply === "replace" ? file : { ...file, merge: { format: first.format, keys: treeOf(parts) } };
}

function treeOf(parts: readonly FilePart[]): Record<string, unknown> {
  return parts.flatMap((part) => ("merge" in part ? [part.merge] : [])).reduce<Record<string, unknown>>(mergedTree, {});
}

function contentOf(path: string, first: FilePart, parts: readonly FilePart[]): string {
  try {
    if (first.format === "text") return parts.flatMap((part) => (part.format === "text" ? [part.content] : [])).at(-1) ?? "";
    if (first.format === "lines") return renderLines(parts.flatMap((part) => (part.format === "lines" ? part.lines : [])));
    return renderTree(first.format, treeOf(parts));
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
