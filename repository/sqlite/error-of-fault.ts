import { RepositoryError } from "../repository-error.ts";
import { primaryCode, SQLITE } from "./fault.ts";
import type { Fault } from "./protocol.ts";

/** What a fault of SQLite means to the caller. */
export function errorOfFault(fault: Fault, folder: string): RepositoryError {
  const { code, message } = meaningOf(fault, folder);
  return new RepositoryError(code, message, { detail: { sqlite: fault.code, text: fault.message } });
}

/** After a failed sync the kernel may have dropped the pages, and a later sync would say that all is well. */
export function endsTrust({ code }: Fault): boolean {
  return code === SQLITE.syncFailed || code === SQLITE.folderSyncFailed;
}

function meaningOf({ code, message }: Fault, folder: string): Pick<RepositoryError, "code" | "message"> {
  if (code === undefined) return { code: "database_failed", message };
  if (code === SQLITE.uniqueKey || code === SQLITE.primaryKey) return { code: "exists", message: "there is one already" };
  if (code === SQLITE.foreignKey) return { code: "not_found", message: "what it refers to is not there" };
  if (code === SQLITE.sharedMemoryFull) return full(folder);
  return ofPrimary(primaryCode(code), message, folder);
}

function ofPrimary(code: number, message: string, folder: string): Pick<RepositoryError, "code" | "message"> {
  switch (code) {
    case SQLITE.full:
      return full(folder);
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return { code: "database_damaged", message: `the database in ${folder} is damaged; stop Guise and restore a backup` };
    case SQLITE.busy:
    case SQLITE.locked:
      return { code: "database_locked", message: `another program holds the database in ${folder}; end it and try again` };
    default:
      return { code: "database_failed", message: `the database in ${folder} failed: ${message}` };
  }
}

function full(folder: string): Pick<RepositoryError, "code" | "message"> {
  return { code: "database_full", message: `there is no room for the database in ${folder}; make room on that disk and try again` };
}
