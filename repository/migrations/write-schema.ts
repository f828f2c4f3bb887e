/** Writes the schema that all migrations lead to, for reading and for a test that finds drift. Run: node repository/migrations/write-schema.ts */
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "../sqlite/migrate.ts";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";

export function schemaAfter(migrations: readonly Migration[]): string {
  using database = new DatabaseSync(":memory:");
  migrate(database, migrations, { installation: "none", now: 0 });
  const rows = database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, name").all();
  return rows.map(({ sql }) => `${String(sql)};\n`).join("\n");
}

if (import.meta.main) writeFileSync(new URL("./schema.sql", import.meta.url), schemaAfter(MIGRATIONS));
