import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";

/** A whole, compact copy of one moment, on disk when this returns. Never overwrites a file; nobody else may read it. */
export function backupTo(database: DatabaseSync, path: string): void {
  closeSync(openSync(path, "wx", 0o600));
  database.prepare("VACUUM INTO ?").run(path);
  for (const place of [path, dirname(path)]) {
    const opened = openSync(place, "r");
    fsyncSync(opened);
    closeSync(opened);
  }
}
