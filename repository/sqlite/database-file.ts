import { closeSync, openSync, readSync, statSync } from "node:fs";
import { RepositoryError } from "../repository-error.ts";

/** What lies at the database's path, by its first bytes; nothing is opened with SQLite, which would tidy up after what it does not know. */
export interface DatabaseFile {
  readonly empty: boolean;
  /** A write-ahead log was left: the last process did not close the database. */
  readonly unclean: boolean;
}

const MAGIC = "SQLite format 3\0";

export function inspectDatabaseFile(path: string): DatabaseFile {
  const size = sizeOf(path);
  const unclean = sizeOf(`${path}-wal`) > 0;
  if (size === 0) {
    if (unclean) throw damaged(path, "it is empty, but its write-ahead log is not");
    return { empty: true, unclean };
  }
  if (firstBytes(path).toString("latin1") !== MAGIC) throw damaged(path, "it is not a database");
  return { empty: false, unclean };
}

export function damaged(path: string, found: string): RepositoryError {
  const message = `${path} is damaged: ${found}; nothing was changed: move the folder away and restore a backup`;
  return new RepositoryError("database_damaged", message, { detail: { path } });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(MAGIC.length);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
