import type { Migration } from "./migration.ts";

/** What a launch was given, so that it is opened again as it was, and what it said last. A Guise that does not know them leaves them as they were. */
export const launchesAgain: Migration = {
  number: 7,
  name: "launches again",
  breaking: false,
  statements: ["ALTER TABLE launches ADD COLUMN arguments TEXT", "ALTER TABLE launches ADD COLUMN said TEXT"],
  sqlite: [],
};
