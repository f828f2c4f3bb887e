import type { Migration } from "./migration.ts";

/** Databases that personas name, and the roles that workspaces were given in them, written before they are made. */
export const dataSources: Migration = {
  number: 19,
  name: "data_sources",
  breaking: false,
  statements: [
    `CREATE TABLE data_sources (
  source TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  login TEXT NOT NULL,
  removed_at INTEGER
)`,
    `CREATE TABLE data_accesses (
  role TEXT PRIMARY KEY,
  workspace TEXT NOT NULL,
  generation INTEGER NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  state TEXT NOT NULL,
  address TEXT,
  port INTEGER NOT NULL,
  until INTEGER NOT NULL
)`,
    "CREATE INDEX data_accesses_by_workspace ON data_accesses (workspace)",
    "CREATE INDEX data_accesses_by_source ON data_accesses (source)",
  ],
  sqlite: [],
};
