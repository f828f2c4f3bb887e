import { closeSync, openSync, readSync, statSync } from "node:fs";
import { RepositoryError } from "../repository-error.ts";

/** What lies at the database's path, by its first bytes; nothing is opened with SQLite, which would tidy up after what it does not know. */
export interface DatabaseFile {
  readonly empty: boolean;
  /** A write-ahead log was left: the last process did not close the database. */
  readonly unclean: boolean;
}

const MAGIC = "SQLite format 3\0";
const HEADER = 100;

export function inspectDatabaseFile(path: string): DatabaseFile {
  const size = sizeOf(path);
  const unclean = sizeOf(`${path}-wal`) > 0;
  if (size === 0) {
    if (unclean) throw damaged(path, "it is empty, but its write-ahead log is not");
    return { empty: true, unclean };
  }
  const header = firstBytes(path);
  if (header.length < HEADER || header.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged(path, "it is not a database");
  const stated = pagesOf(header) * pageSizeOf(header);
  if (!unclean && size < stated) throw damaged(path, `it has ${size} bytes of ${stated}`);
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
  const bytes = Buffer.alloc(HEADER);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, HEADER, 0));
  } finally {
    closeSync(file);
  }
}

/** Offsets 16 and 28 of the file format (sqlite.org/fileformat.html); 1 stands for 65,536. */
function pageSizeOf(header: Buffer): number {
  const size = header.readUInt16BE(16);
  return size === 1 ? 65_536 : size;
}

function pagesOf(header: Buffer): number {
  return header.readUInt32BE(28);
}
