import type { ImportRow } from "@guise/contract";
import { testContext } from "../test-context.ts";
import { type Imported, importLists } from "./import-lists.ts";

/** For tests: the shipped catalog. */
export const { catalog, installation } = await testContext();
export const context = { catalog, bases: installation.bases };

/** For tests: what becomes of files by their names; the first of them is handed in, or those that are named. */
export function read(files: Readonly<Record<string, string>>, ...wanted: readonly string[]): Imported {
  const given = Object.entries(files).map(([name, content]) => ({ name, content }));
  return importLists(given, wanted.length === 0 ? Object.keys(files).slice(0, 1) : wanted, context);
}

export function applications(files: Readonly<Record<string, string>>, ...wanted: readonly string[]): readonly string[] {
  return read(files, ...wanted).definition?.required_applications ?? [];
}

/** "line: why" of what was not carried. */
export function refused(rows: readonly ImportRow[]): readonly string[] {
  return rows.filter(({ outcome }) => outcome === "not_carried").map(({ text, why }) => `${text}: ${why}`);
}
