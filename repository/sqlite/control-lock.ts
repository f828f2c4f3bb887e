import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { RepositoryError } from "../repository-error.ts";
import { faultOf, primaryCode, SQLITE } from "./fault.ts";
import { ensurePrivateFile } from "./private-files.ts";

export interface ControlLock {
  /** Safe to call twice. */
  release(): void;
}

/**
 * One Guise per folder: an exclusive transaction on a file of its own, never ended, so that the kernel frees it with the process however
 * that dies. The database itself stays readable for tools. The pid lies in a third file, for the message only.
 */
export function takeControlLock(folder: string): ControlLock {
  const path = join(folder, "control.lock");
  const holder = join(folder, "control.pid");
  ensurePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database.close();
    if (primaryCode(faultOf(error).code ?? 0) !== SQLITE.busy) throw error;
    throw locked(folder, pidIn(holder));
  }
  const release = () => {
    if (database.isOpen) database.close();
  };
  return { release };
}

function locked(folder: string, pid: number | undefined): RepositoryError {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  const message = `a Guise (${who}) already runs on ${folder}; stop it, or set another GUISE_HOME`;
  return new RepositoryError("database_locked", message, { detail: { pid, folder } });
}

function pidIn(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined; // The other one has the lock and has not yet written its pid.
  }
}
