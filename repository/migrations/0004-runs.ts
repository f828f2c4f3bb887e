import type { Migration } from "./migration.ts";

/** A Guise that does not know the table adds nothing to it: estimates then rest on older runs. */
export const runs: Migration = {
  number: 4,
  name: "runs",
  breaking: false,
  statements: [
    `CREATE TABLE runs (
      workspace TEXT NOT NULL,
      admitted_at BIGINT NOT NULL,
      persona TEXT NOT NULL,
      ended_at BIGINT NOT NULL,
      ready_after BIGINT,
      PRIMARY KEY (workspace, admitted_at)
    )`,
    `CREATE INDEX runs_by_persona ON runs (persona, ended_at)`,
    `CREATE INDEX runs_by_end ON runs (ended_at)`,
  ],
  sqlite: [],
};
