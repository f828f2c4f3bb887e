import type { Migration } from "./migration.ts";

/** What was said with the wish to stop or suspend a workspace: who, and why. A Guise that does not know it tells the reason alone. */
export const notesOfWishes: Migration = {
  number: 8,
  name: "notes of wishes",
  breaking: false,
  statements: [`ALTER TABLE workspaces ADD COLUMN desired_note TEXT`],
  sqlite: [],
};
