import type { Migration } from "./migration.ts";

/** Browsers that a provider's people are signed in with. A Guise that does not know them has their people sign in anew. */
export const providerSessions: Migration = {
  number: 18,
  name: "provider-sessions",
  breaking: false,
  statements: [
    `CREATE TABLE provider_sessions (
  hash TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL,
  renewal TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
)`,
    "CREATE INDEX provider_sessions_by_end ON provider_sessions (expires_at)",
  ],
  sqlite: [],
};
