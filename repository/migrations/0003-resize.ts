import type { Migration } from "./migration.ts";

/** A Guise that does not know the column leaves a wish unanswered, which is not wrong. */
export const resize: Migration = {
  number: 3,
  name: "resize",
  breaking: false,
  statements: [`ALTER TABLE workspaces ADD COLUMN wanted_demand TEXT`],
  sqlite: [],
};
