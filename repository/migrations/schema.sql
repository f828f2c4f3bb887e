CREATE TABLE accounts (
  account TEXT NOT NULL PRIMARY KEY,
  roles TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL
, person_name TEXT, email TEXT);

CREATE TABLE addresses (principal TEXT PRIMARY KEY, email TEXT NOT NULL);

CREATE TABLE allocations (
  workspace TEXT NOT NULL PRIMARY KEY REFERENCES workspaces (id),
  node TEXT NOT NULL,
  cpu BIGINT NOT NULL,
  ram BIGINT NOT NULL,
  storage BIGINT NOT NULL,
  ingress BIGINT NOT NULL,
  egress BIGINT NOT NULL
);

CREATE TABLE audit (
  sequence INTEGER NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  facts TEXT
);

CREATE TABLE build_log (
  persona TEXT NOT NULL,
  version INTEGER NOT NULL,
  part INTEGER NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (persona, version, part),
  FOREIGN KEY (persona, version) REFERENCES versions (persona, version)
);

CREATE TABLE credentials (
  hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES accounts (account),
  expires_at BIGINT NOT NULL
);

CREATE TABLE data_accesses (
  role TEXT PRIMARY KEY,
  workspace TEXT NOT NULL,
  generation INTEGER NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  state TEXT NOT NULL,
  address TEXT,
  port INTEGER NOT NULL,
  until INTEGER NOT NULL
);

CREATE TABLE data_sources (
  source TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  login TEXT NOT NULL,
  removed_at INTEGER
);

CREATE TABLE events (
  workspace TEXT NOT NULL REFERENCES workspaces (id),
  revision INTEGER NOT NULL,
  part INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (workspace, revision, part)
);

CREATE TABLE groups (
  name TEXT NOT NULL PRIMARY KEY,
  priority TEXT NOT NULL
);

CREATE TABLE homes (
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
);

CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  workspace TEXT REFERENCES workspaces (id),
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (principal, route, key)
);

CREATE TABLE images (
  persona TEXT NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  reference TEXT NOT NULL,
  built_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (persona, version, revision),
  FOREIGN KEY (persona, version) REFERENCES versions (persona, version)
);

CREATE TABLE installation (
  "only" INTEGER NOT NULL PRIMARY KEY CHECK ("only" = 1),
  id TEXT NOT NULL
);

CREATE TABLE launches (
  id TEXT NOT NULL PRIMARY KEY,
  workspace TEXT NOT NULL REFERENCES workspaces (id),
  generation INTEGER NOT NULL,
  application TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  exit INTEGER,
  web_port INTEGER,
  web_path TEXT
, arguments TEXT, said TEXT, screen TEXT);

CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE memberships (
  account TEXT NOT NULL REFERENCES accounts (account),
  group_name TEXT NOT NULL REFERENCES groups (name),
  PRIMARY KEY (account, group_name)
);

CREATE TABLE migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  breaking INTEGER NOT NULL,
  applied_at BIGINT NOT NULL
);

CREATE TABLE notices (
  id TEXT NOT NULL,
  way TEXT NOT NULL,
  owner TEXT NOT NULL,
  notice TEXT NOT NULL,
  at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER,
  PRIMARY KEY (id, way)
);

CREATE TABLE package_sources (
  source TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  login TEXT
);

CREATE TABLE personas (
  persona TEXT NOT NULL PRIMARY KEY,
  latest INTEGER
, retired_at BIGINT, retired_latest INTEGER);

CREATE TABLE preferences (
  principal TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  preferences TEXT NOT NULL
);

CREATE TABLE provider_credentials (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  principal TEXT NOT NULL REFERENCES provider_people (principal),
  expires_at INTEGER NOT NULL
);

CREATE TABLE provider_people (
  principal TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL,
  renewal TEXT NOT NULL,
  checked_at INTEGER NOT NULL
);

CREATE TABLE runs (
      workspace TEXT NOT NULL,
      admitted_at BIGINT NOT NULL,
      persona TEXT NOT NULL,
      ended_at BIGINT NOT NULL,
      ready_after BIGINT,
      PRIMARY KEY (workspace, admitted_at)
    );

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE versions (
  persona TEXT NOT NULL REFERENCES personas (persona),
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  digest TEXT NOT NULL,
  definition TEXT NOT NULL,
  owner_group TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  build_percent DOUBLE PRECISION,
  build_message TEXT,
  build_took BIGINT,
  image TEXT, revision INTEGER NOT NULL DEFAULT 1, epoch TEXT, refresh_epoch TEXT, refresh_percent DOUBLE PRECISION, refresh_message TEXT, build_downloading BIGINT, draft_build TEXT, removed_at BIGINT, check_plan TEXT, check_workspace TEXT,
  PRIMARY KEY (persona, version)
);

CREATE TABLE workspaces (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  group_name TEXT NOT NULL,
  persona TEXT NOT NULL,
  persona_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  environment TEXT NOT NULL,
  name TEXT NOT NULL,
  priority TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  message TEXT,
  revision INTEGER NOT NULL,
  desired TEXT NOT NULL,
  desired_reason TEXT,
  desired_by TEXT,
  generation INTEGER NOT NULL,
  engine_name TEXT,
  handle TEXT,
  node TEXT,
  attempts INTEGER NOT NULL,
  queued_since BIGINT NOT NULL,
  admitted_at BIGINT,
  ready_at BIGINT,
  released_at BIGINT,
  expires_at BIGINT,
  demand TEXT NOT NULL,
  phases TEXT NOT NULL,
  applications TEXT NOT NULL,
  receipt TEXT,
  parameters TEXT NOT NULL,
  concrete TEXT NOT NULL, home TEXT NOT NULL DEFAULT '', drop_home INTEGER NOT NULL DEFAULT 0, wanted_demand TEXT, image_revision INTEGER, image TEXT, desired_note TEXT, left_files TEXT,
  FOREIGN KEY (persona, version) REFERENCES versions (persona, version)
);

CREATE TRIGGER audit_is_dense BEFORE INSERT ON audit
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit rows are numbered without a gap'); END;

CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE INDEX credentials_by_end ON credentials (expires_at);

CREATE INDEX data_accesses_by_source ON data_accesses (source);

CREATE INDEX data_accesses_by_workspace ON data_accesses (workspace);

CREATE INDEX homes_by_persona ON homes (persona);

CREATE UNIQUE INDEX homes_kept ON homes (owner, persona, environment, name) WHERE workspace IS NULL AND doomed = 0;

CREATE UNIQUE INDEX homes_of_workspaces ON homes (workspace) WHERE workspace IS NOT NULL;

CREATE INDEX idempotency_by_time ON idempotency (at);

CREATE INDEX idempotency_by_workspace ON idempotency (workspace);

CREATE INDEX images_by_reference ON images (reference);

CREATE INDEX launches_by_workspace ON launches (workspace, started_at);

CREATE INDEX memberships_by_group ON memberships (group_name);

CREATE INDEX notices_by_age ON notices (at);

CREATE INDEX notices_pending ON notices (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX provider_credentials_by_end ON provider_credentials (expires_at);

CREATE INDEX provider_credentials_by_principal ON provider_credentials (principal);

CREATE INDEX runs_by_end ON runs (ended_at);

CREATE INDEX runs_by_persona ON runs (persona, ended_at);

CREATE INDEX versions_by_state ON versions (state);

CREATE INDEX versions_drafts ON versions (draft_build) WHERE draft_build IS NOT NULL;

CREATE INDEX versions_refreshing ON versions (refresh_epoch) WHERE refresh_epoch IS NOT NULL;

CREATE INDEX workspaces_by_owner ON workspaces (owner, requested_at);

CREATE INDEX workspaces_by_persona ON workspaces (persona, version);

CREATE INDEX workspaces_by_state ON workspaces (state, requested_at);

CREATE UNIQUE INDEX workspaces_held ON workspaces (owner, persona, environment, name) WHERE state <> 'released';

CREATE INDEX workspaces_living ON workspaces (requested_at, id) WHERE state <> 'released';
