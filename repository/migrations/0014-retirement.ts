import type { Migration } from "./migration.ts";

/**
 * Personas that nobody requests any more. A Guise that does not know of them gives none of them either: their versions are in a state of
 * their own, and nothing is their latest meanwhile.
 */
export const retirement: Migration = {
  number: 14,
  name: "retirement",
  breaking: false,
  statements: [
    `ALTER TABLE personas ADD COLUMN retired_at BIGINT`,
    `ALTER TABLE personas ADD COLUMN retired_latest INTEGER`,
    `CREATE INDEX homes_by_persona ON homes (persona)`,
  ],
  sqlite: [],
};
