import { createHash } from "node:crypto";
import { leavesOf, pointerOf } from "#applications";
import type { PlannedFile } from "#persona";

/** Beside what else programs remember. It is the person's to change or delete: then defaults are added once more. */
export const LEDGER_PATH = "~/.local/state/guise/files.json";
const LEDGER_MODE = 0o600;

/** What was written into a home, by path: keys of defaults that were added once, and the content of what was replaced. */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

export interface LedgerEntry {
  readonly keys?: readonly string[];
  readonly sha256?: string;
}

/** What is written when every file is; undefined: nothing needs to be remembered. */
export function ledgerOf(
  files: readonly PlannedFile[],
): { readonly path: string; readonly content: Buffer; readonly mode: number } | undefined {
  const entries = files.flatMap((file): [string, LedgerEntry][] => {
    const entry = entryOf(file);
    return entry === undefined ? [] : [[file.path, entry]];
  });
  return entries.length === 0 ? undefined : { path: LEDGER_PATH, content: encodeLedger(new Map(entries)), mode: LEDGER_MODE };
}

export function entryOf({ apply, merge, content }: PlannedFile): LedgerEntry | undefined {
  if (apply === "replace") return { sha256: sha256(content) };
  if (apply === "enforced" || merge === undefined) return undefined;
  return { keys: leavesOf(merge.keys).map(({ path }) => pointerOf(path)) };
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function encodeLedger(ledger: Ledger): Buffer {
  return Buffer.from(`${JSON.stringify({ version: 1, files: Object.fromEntries(ledger) }, null, 1)}\n`);
}

/** Its person may have put anything there: what makes no sense is not there. */
export function decodeLedger(content: Uint8Array): Ledger {
  const read = parsed(content);
  const files = isObject(read) && read.version === 1 && isObject(read.files) ? read.files : {};
  return new Map(
    Object.entries(files).map(([path, entry]) => {
      const { keys, sha256: digest } = isObject(entry) ? entry : {};
      const known = Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : undefined;
      return [path, { ...(known === undefined ? {} : { keys: known }), ...(typeof digest === "string" ? { sha256: digest } : {}) }];
    }),
  );
}

/** The entries with what was written now: keys that were added once stay so. */
export function withEntries(ledger: Ledger, files: readonly PlannedFile[]): Ledger {
  const entries = new Map(ledger);
  for (const file of files) {
    const entry = entryOf(file);
    if (entry === undefined) continue;
    const keys = entry.keys === undefined ? undefined : [...new Set([...(ledger.get(file.path)?.keys ?? []), ...entry.keys])];
    entries.set(file.path, keys === undefined ? entry : { keys });
  }
  return entries;
}

function parsed(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
