import type { Migration } from "./migration.ts";

/**
 * Homes get a life of their own. Those of workspaces that live were named after them, and stay so. A Guise that does not know
 * homes would remove a kept one with its workspace.
 */
export const homes: Migration = {
  number: 2,
  name: "homes",
  breaking: true,
  statements: [
    `CREATE TABLE homes (
  home TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  group_name TEXT NOT NULL,
  persona TEXT NOT NULL,
  environment TEXT NOT NULL,
  name TEXT NOT NULL,
  keep INTEGER NOT NULL,
  workspace TEXT,
  node TEXT,
  bytes BIGINT NOT NULL,
  doomed INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
)`,
    `CREATE UNIQUE INDEX homes_kept ON homes (owner, persona, environment, name) WHERE workspace IS NULL AND doomed = 0`,
    `CREATE UNIQUE INDEX homes_of_workspaces ON homes (workspace) WHERE workspace IS NOT NULL`,
    `ALTER TABLE workspaces ADD COLUMN home TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE workspaces ADD COLUMN drop_home INTEGER NOT NULL DEFAULT 0`,
    `UPDATE workspaces SET home = id`,
    `INSERT INTO homes (home, owner, group_name, persona, environment, name, keep, workspace, node, bytes, doomed, created_at, used_at)
SELECT id, owner, group_name, persona, environment, name, 0, id, node, 0, 0, requested_at, requested_at FROM workspaces WHERE state <> 'released'`,
  ],
  sqlite: [],
};
