import type { DesiredState, LaunchState, Reason, VersionState, WorkspaceState } from "@guise/contract";
import type { Generated } from "kysely";
import type { DataAccessState } from "./stored-data-source.ts";
import type { NoticeWay } from "./stored-notice.ts";
import type { CredentialKind } from "./stored-people.ts";
import type { DraftBuild } from "./stored-version.ts";

/**
 * The tables as Kysely sees them. Times are wall-clock ms, flags 0 or 1, and what is JSON is text, so that the same
 * statements and the same rows serve every back end.
 */
export interface Tables {
  installation: { only: number; id: string };
  migrations: { number: number; name: string; breaking: number; applied_at: number };
  personas: PersonasTable;
  versions: VersionsTable;
  build_log: { persona: string; version: number; part: number; lines: string };
  workspaces: WorkspacesTable;
  events: EventsTable;
  homes: HomesTable;
  images: ImagesTable;
  allocations: {
    workspace: string;
    node: string;
    cpu: number;
    ram: number;
    storage: number;
    ingress: number;
    egress: number;
  };
  runs: RunsTable;
  launches: LaunchesTable;
  accounts: { account: string; roles: string; disabled: number; created_at: number; person_name: string | null; email: string | null };
  groups: { name: string; priority: string };
  memberships: { account: string; group_name: string };
  credentials: { hash: string; kind: CredentialKind; account: string; expires_at: number };
  idempotency: IdempotencyTable;
  audit: {
    sequence: number;
    at: number;
    actor: string;
    action: string;
    target: string;
    outcome: "done" | "refused" | "failed";
    facts: string | null;
  };
  data_sources: { source: string; facts: string; login: string; removed_at: number | null };
  data_accesses: DataAccessesTable;
  package_sources: { source: string; facts: string; login: string | null };
  provider_people: { principal: string; issuer: string; subject: string; person: string; renewal: string; checked_at: number };
  provider_credentials: { hash: string; kind: "session" | "sign_in"; principal: string; expires_at: number };
  preferences: { principal: string; revision: number; preferences: string };
  notices: { id: string; way: NoticeWay; owner: string; notice: string; at: number; attempts: number; next_at: number | null };
  addresses: { principal: string; email: string };
  settings: { name: string; value: string };
  leases: { name: string; holder: string; expires_at: number };
}

export interface PersonasTable {
  persona: string;
  /** Of a retired one none. */
  latest: number | null;
  /** Since when nobody can request it. */
  retired_at: number | null;
  /** What "latest" is when that is taken back. */
  retired_latest: number | null;
}

export interface VersionsTable {
  persona: string;
  version: number;
  name: string;
  description: string | null;
  digest: string;
  definition: string;
  owner_group: string;
  published_by: string;
  published_at: number;
  state: VersionState;
  build_percent: number | null;
  build_message: string | null;
  build_took: number | null;
  build_downloading: number | null;
  /** JSON; of the present revision. */
  image: string | null;
  /** Of the image; a refresh raises it. */
  revision: Generated<number>;
  /** What the present revision's packages were fresh at, behind the installation's own epoch; null: that alone. */
  epoch: string | null;
  /** While the next revision is wanted or being built. */
  refresh_epoch: string | null;
  refresh_percent: number | null;
  /** How the refresh stands; without an epoch: why the last one failed. */
  refresh_message: string | null;
  /** How the build of a draft stands, whose state is `draft`. */
  draft_build: DraftBuild | null;
  /** It was discarded, or its persona was removed: only workspaces that were made of it before know it still. */
  removed_at: number | null;
  /** JSON: what it must show before it is usable. */
  check_plan: string | null;
  /** Where that is being shown, or is to be. */
  check_workspace: string | null;
}

export interface ImagesTable {
  persona: string;
  version: number;
  revision: number;
  reference: string;
  built_at: number;
  used_at: number;
}

export interface WorkspacesTable {
  id: string;
  owner: string;
  group_name: string;
  persona: string;
  persona_name: string;
  version: number;
  environment: string;
  name: string;
  priority: string;
  requested_at: number;
  state: WorkspaceState;
  reason: Reason | null;
  message: string | null;
  revision: number;
  desired: DesiredState;
  desired_reason: Reason | null;
  desired_by: string | null;
  /** Who wants it, and why, in words for its owner. */
  desired_note: string | null;
  generation: number;
  engine_name: string | null;
  handle: string | null;
  node: string | null;
  attempts: number;
  queued_since: number;
  admitted_at: number | null;
  ready_at: number | null;
  released_at: number | null;
  expires_at: number | null;
  demand: string;
  phases: string;
  applications: string;
  receipt: string | null;
  parameters: string;
  concrete: string;
  home: string;
  drop_home: number;
  /** JSON as `demand`, while a resize is wanted. */
  wanted_demand: string | null;
  /** What its sandbox was started on last. */
  image_revision: number | null;
  image: string | null;
  /** JSON: paths with reasons; null: none. */
  left_files: string | null;
}

export interface HomesTable {
  home: string;
  owner: string;
  group_name: string;
  persona: string;
  environment: string;
  name: string;
  keep: number;
  workspace: string | null;
  node: string | null;
  /** Charged under the home's own name; 0 until it was first let go by a workspace. */
  bytes: number;
  doomed: number;
  created_at: number;
  used_at: number;
}

export interface EventsTable {
  workspace: string;
  revision: number;
  /** 0 is the event of the revision itself; 1 and up came about while the workspace was at that revision. */
  part: number;
  kind: "state" | "phase_finished" | "launch" | "killed";
  at: number;
  /** The workspace's reason at that moment, for kind state. */
  reason: Reason | null;
  body: string;
}

/** One stretch of time in which a workspace held its room: what estimates rest on. */
export interface RunsTable {
  workspace: string;
  admitted_at: number;
  persona: string;
  ended_at: number;
  /** Ms from admission to ready; null when it never was. */
  ready_after: number | null;
}

export interface LaunchesTable {
  id: string;
  workspace: string;
  generation: number;
  application: string;
  kind: string;
  state: LaunchState;
  started_at: number;
  ended_at: number | null;
  exit: number | null;
  web_port: number | null;
  web_path: string | null;
  /** JSON; null where nothing was given. */
  arguments: string | null;
  said: string | null;
  /** JSON, of a desktop application. */
  screen: string | null;
}

export interface IdempotencyTable {
  principal: string;
  route: string;
  key: string;
  body_hash: string;
  /** The workspace that was made under this key, where one was. */
  workspace: string | null;
  /** 0 until the answer is remembered. */
  status: number;
  answer: string;
  at: number;
}

interface DataAccessesTable {
  role: string;
  workspace: string;
  generation: number;
  source: string;
  level: "read" | "write";
  state: DataAccessState;
  address: string | null;
  port: number;
  until: number;
}
