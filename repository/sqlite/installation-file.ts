import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { RepositoryError } from "../repository-error.ts";
import { damaged } from "./database-file.ts";

/** Written after the database was made: from then on an empty or missing database is a lost one, never a new one. */
export function installationFile(folder: string): string {
  return join(folder, "installation");
}

/** Refuses a folder of another installation, and one whose database is gone. */
export function checkInstallation(folder: string, installation: string, database: { path: string; empty: boolean }): void {
  const recorded = recordedIn(installationFile(folder));
  if (recorded === undefined) return;
  if (recorded !== installation) {
    const message = `${folder} belongs to installation ${recorded}, this one is ${installation}; restore the folder that belongs to it`;
    throw new RepositoryError("database_foreign", message, { detail: { recorded, installation } });
  }
  if (database.empty) throw damaged(database.path, "it is empty or gone, but this installation had one");
}

/** On disk when this returns. */
export function recordInstallation(folder: string, installation: string): void {
  const path = installationFile(folder);
  if (recordedIn(path) !== undefined) return;
  const file = openSync(path, "w", 0o600);
  writeSync(file, `${installation}\n`);
  fsyncSync(file);
  closeSync(file);
  const place = openSync(dirname(path), "r");
  fsyncSync(place);
  closeSync(place);
}

/** An empty file was not finished, and says nothing. */
function recordedIn(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const text = readFileSync(path, "utf8").trim();
  return text === "" ? undefined : text;
}
