import type { DatabaseSync } from "node:sqlite";
import type { Migration } from "../migrations/migration.ts";

const BOOKS = [
  `CREATE TABLE IF NOT EXISTS installation (
  "only" INTEGER NOT NULL PRIMARY KEY CHECK ("only" = 1),
  id TEXT NOT NULL
)`,
  `CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  breaking INTEGER NOT NULL,
  applied_at BIGINT NOT NULL
)`,
];

/** Brings the schema up to the last of `migrations`, in one transaction; each is recorded before its statements run. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], books: { installation: string; now: number }): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const statement of BOOKS) database.exec(statement);
    database.prepare(`INSERT INTO installation ("only", id) VALUES (1, ?) ON CONFLICT DO NOTHING`).run(books.installation);
    for (const migration of migrations.filter(({ number }) => !isApplied(database, number))) apply(database, migration, books.now);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function isApplied(database: DatabaseSync, number: number): boolean {
  return database.prepare("SELECT 1 FROM migrations WHERE number = ?").get(number) !== undefined;
}

function apply(database: DatabaseSync, migration: Migration, now: number): void {
  const { number, name, breaking } = migration;
  database
    .prepare("INSERT INTO migrations (number, name, breaking, applied_at) VALUES (?, ?, ?, ?)")
    .run(number, name, breaking ? 1 : 0, now);
  for (const statement of [...migration.statements, ...migration.sqlite]) database.exec(statement);
}

/** Migrations in the database that this Guise does not know. */
export function newerMigrations(
  database: DatabaseSync,
  migrations: readonly Migration[],
): readonly { number: number; name: string; breaking: boolean }[] {
  const known = new Set(migrations.map(({ number }) => number));
  const rows = database.prepare("SELECT number, name, breaking FROM migrations ORDER BY number").all();
  return rows
    .map(({ number, name, breaking }) => ({ number: Number(number), name: String(name), breaking: breaking === 1 }))
    .filter(({ number }) => !known.has(number));
}

export function newerBreaking(database: DatabaseSync, migrations: readonly Migration[]): { number: number; name: string } | undefined {
  return newerMigrations(database, migrations).find(({ breaking }) => breaking);
}
