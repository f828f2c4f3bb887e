import type { Migration } from "./migration.ts";

/** What people are to be told outside the page, until it was told; and where mail reaches those who sign in elsewhere. */
export const notices: Migration = {
  number: 17,
  name: "notices",
  breaking: false,
  statements: [
    `CREATE TABLE notices (
  id TEXT NOT NULL,
  way TEXT NOT NULL,
  owner TEXT NOT NULL,
  notice TEXT NOT NULL,
  at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER,
  PRIMARY KEY (id, way)
)`,
    "CREATE INDEX notices_pending ON notices (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX notices_by_age ON notices (at)",
    "CREATE TABLE addresses (principal TEXT PRIMARY KEY, email TEXT NOT NULL)",
  ],
  sqlite: [],
};
