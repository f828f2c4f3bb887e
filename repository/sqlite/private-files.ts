import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { codeOf } from "#foundation";
import { RepositoryError } from "../repository-error.ts";

const GROUP_AND_OTHERS = 0o077;

/** Makes the folder when it is missing; refuses one that others may look into. */
export function ensurePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseWide(folder, "700");
}

/**
 * Makes an empty file when it is missing; refuses one that others may read. An existing file is never opened here: closing it again
 * would end the locks that this process holds on it.
 */
export function ensurePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  refuseWide(path, "600");
}

/** Of a file that is not there nothing can be read. */
export function refuseWide(path: string, narrow: "600" | "700"): void {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  if ((mode & GROUP_AND_OTHERS) === 0) return;
  const message = `${path} is open to others (mode ${mode.toString(8)}); close it: chmod ${narrow} ${path}`;
  throw new RepositoryError("database_exposed", message, { detail: { path, mode } });
}
