import type { Migration } from "./migration.ts";

/** What each person prefers in every persona. A Guise that does not know them starts workspaces without. */
export const preferences: Migration = {
  number: 16,
  name: "preferences",
  breaking: false,
  statements: [
    `CREATE TABLE preferences (
  principal TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  preferences TEXT NOT NULL
)`,
  ],
  sqlite: [],
};
