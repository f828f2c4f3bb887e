import type { Migration } from "./migration.ts";

/**
 * Versions that only their authors have yet. A Guise that does not know them neither builds nor gives them: they are in a state of
 * their own.
 */
export const drafts: Migration = {
  number: 13,
  name: "drafts",
  breaking: false,
  statements: [
    `ALTER TABLE versions ADD COLUMN draft_build TEXT`,
    `ALTER TABLE versions ADD COLUMN removed_at BIGINT`,
    `CREATE INDEX versions_drafts ON versions (draft_build) WHERE draft_build IS NOT NULL`,
  ],
  sqlite: [],
};
