import type { Fault } from "./protocol.ts";

/** Result codes of SQLite (sqlite.org/rescode.html) that are told apart here. */
export const SQLITE = {
  error: 1,
  busy: 5,
  locked: 6,
  corrupt: 11,
  full: 13,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  range: 25,
  notADatabase: 26,
  uniqueKey: 2067,
  primaryKey: 1555,
  foreignKey: 787,
  syncFailed: 1034,
  folderSyncFailed: 1290,
  sharedMemoryFull: 4874,
} as const;

/** The primary code is the low byte of the extended one. */
export function primaryCode(code: number): number {
  return code & 0xff;
}

export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  return { code: sqliteCode(error), message };
}

function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

const OF_THE_STATEMENT: readonly number[] = [SQLITE.error, SQLITE.tooBig, SQLITE.constraint, SQLITE.mismatch, SQLITE.range];

/** True when the statement itself is at fault, so that others of its transaction may go on; false for the disk, memory, damage. */
export function isOfTheStatement(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === undefined || OF_THE_STATEMENT.includes(primaryCode(code));
}
