import type { Migration } from "./migration.ts";

/** Where packages come from beside the installation's mirrors; what opens one is sealed with a key that lies outside the database. */
export const packageSources: Migration = {
  number: 11,
  name: "package_sources",
  breaking: false,
  statements: [
    `CREATE TABLE package_sources (
  source TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  login TEXT
)`,
  ],
  sqlite: [],
};
