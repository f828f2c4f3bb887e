import type { Migration } from "./migration.ts";

/** Who signed in at an identity provider, and where. A Guise that does not know them has them sign in anew. */
export const providerPeople: Migration = {
  number: 18,
  name: "provider-people",
  breaking: false,
  statements: [
    `CREATE TABLE provider_people (
  principal TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL,
  renewal TEXT NOT NULL,
  checked_at INTEGER NOT NULL
)`,
    `CREATE TABLE provider_credentials (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  principal TEXT NOT NULL REFERENCES provider_people (principal),
  expires_at INTEGER NOT NULL
)`,
    "CREATE INDEX provider_credentials_by_end ON provider_credentials (expires_at)",
    "CREATE INDEX provider_credentials_by_principal ON provider_credentials (principal)",
  ],
  sqlite: [],
};
