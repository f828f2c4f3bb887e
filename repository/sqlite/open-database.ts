import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../migrations/migrations.ts";
import { migrate, newerBreaking, newerMigrations } from "./migrate.ts";
import type { Objection, OpenOrder } from "./protocol.ts";

export type Opened =
  | { readonly kind: "open"; readonly database: DatabaseSync; readonly warnings: readonly string[] }
  | { readonly kind: "objection"; readonly objection: Objection };

/** How long a statement waits for a program that looks into the database from outside, ms. */
const BUSY_TIMEOUT = 5_000;

/** Looks first and writes only to what is ours, whole, and of a version that we know. */
export function openDatabase(order: OpenOrder): Opened {
  const database = new DatabaseSync(order.path, { timeout: BUSY_TIMEOUT });
  try {
    const objection = objectionTo(database, order);
    if (objection !== undefined) {
      database.close();
      return { kind: "objection", objection };
    }
    prepare(database, order);
    const warnings = newerMigrations(database, MIGRATIONS).map(({ name }) => `the database was also used by a newer Guise: ${name}`);
    return { kind: "open", database, warnings };
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync, { installation, now }: OpenOrder): void {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
  migrate(database, MIGRATIONS, { installation, now });
  // The main file then holds the schema by itself: an empty one is never ours from here on.
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function objectionTo(database: DatabaseSync, order: OpenOrder): Objection | undefined {
  if (order.unclean) {
    const found = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (found !== "ok") return damaged(order.path, String(found));
  }
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  if (tables.length === 0) return undefined;
  if (!tables.some(({ name }) => name === "installation")) {
    return { code: "database_foreign", message: `${order.path} belongs to another program; move it away, or set another GUISE_HOME` };
  }
  return foreign(database, order) ?? newer(database, order);
}

function damaged(path: string, found: string): Objection {
  const message = `${path} is damaged (${found}); nothing was changed: move the folder away and restore a backup`;
  return { code: "database_damaged", message };
}

function foreign(database: DatabaseSync, { path, installation }: OpenOrder): Objection | undefined {
  const id = database.prepare("SELECT id FROM installation").get()?.id;
  if (id === installation) return undefined;
  const message = `${path} belongs to installation ${String(id)}, this one is ${installation}; restore the folder that belongs to it`;
  return { code: "database_foreign", message };
}

function newer(database: DatabaseSync, { path }: OpenOrder): Objection | undefined {
  const migration = newerBreaking(database, MIGRATIONS);
  if (migration === undefined) return undefined;
  const message = `${path} was changed by a newer Guise (${migration.number}, ${migration.name}); start that version, or restore a backup`;
  return { code: "database_newer", message };
}
