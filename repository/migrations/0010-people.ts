import type { Migration } from "./migration.ts";

/** How people of local accounts are called, and their addresses, for personas that say them. A Guise that does not know them says the account. */
export const people: Migration = {
  number: 10,
  name: "people",
  breaking: false,
  statements: [`ALTER TABLE accounts ADD COLUMN person_name TEXT`, `ALTER TABLE accounts ADD COLUMN email TEXT`],
  sqlite: [],
};
