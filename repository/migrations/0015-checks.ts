import type { Migration } from "./migration.ts";

/** What a version must show before it is usable, and the workspace that it is shown in. A Guise that does not know of it asks for nothing. */
export const checks: Migration = {
  number: 15,
  name: "checks",
  breaking: false,
  statements: ["ALTER TABLE versions ADD COLUMN check_plan TEXT", "ALTER TABLE versions ADD COLUMN check_workspace TEXT"],
  sqlite: [],
};
