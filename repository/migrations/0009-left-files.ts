import type { Migration } from "./migration.ts";

/** Files of the home that the last start left as they were, and why. A Guise that does not know them tells nothing of it. */
export const leftFiles: Migration = {
  number: 9,
  name: "left files",
  breaking: false,
  statements: [`ALTER TABLE workspaces ADD COLUMN left_files TEXT`],
  sqlite: [],
};
