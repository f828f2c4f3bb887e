import type { Migration } from "./migration.ts";

/** The screen that a desktop application was launched for, so that it is opened again as it was. */
export const screens: Migration = {
  number: 12,
  name: "screens",
  breaking: false,
  statements: ["ALTER TABLE launches ADD COLUMN screen TEXT"],
  sqlite: [],
};
