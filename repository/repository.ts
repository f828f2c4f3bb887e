import type {
  Amounts,
  DesiredState,
  Launchable,
  LaunchState,
  ParameterValues,
  Phase,
  Problem,
  Reason,
  Role,
  VersionState,
  WorkspaceEvent,
  WorkspaceState,
} from "@guise/contract";

/**
 * The central store. Every method is one atomic, durable step: when it resolves, a power cut loses nothing of it.
 * Writers that present a stale revision get `stale_revision` (RepositoryError) and change nothing.
 * Times are wall-clock ms. JSON values go in and out as objects.
 */
export interface Repository {
  readonly installation: string;

  // -- personas: versions are immutable; only build state and the pointer "latest" change
  /** Next version number of the persona; state `building`. The same digest as the newest version gives that one back with `existed`. Audited. */
  publishVersion(version: NewVersion, audit: AuditEntry): Promise<{ version: VersionRow; existed: boolean }>;
  /** State of a build; `usable` moves "latest" to it when it is newer than what "latest" is. */
  setBuild(persona: string, version: number, build: BuildUpdate): Promise<void>;
  appendBuildLog(persona: string, version: number, lines: readonly string[]): Promise<void>;
  buildLog(persona: string, version: number): Promise<readonly string[]>;
  /** Moves "latest" back to a usable version. `not_found`, `not_usable`. */
  rollback(persona: string, version: number, audit: AuditEntry): Promise<VersionRow>;
  latestVersions(): Promise<readonly VersionRow[]>;
  versions(persona: string): Promise<readonly VersionRow[]>;
  /** `version` undefined: the latest usable one. */
  version(persona: string, version?: number): Promise<VersionRow | undefined>;
  versionsInState(state: VersionState): Promise<readonly VersionRow[]>;

  // -- workspaces
  /**
   * A new workspace in state `queued`, with its first event, audit entry and idempotency record, in one step.
   * If one of the same owner, persona, environment and name is not released: that one, `existed: true`, nothing written.
   */
  createWorkspace(workspace: NewWorkspace, audit: AuditEntry): Promise<{ workspace: WorkspaceRow; existed: boolean }>;
  workspace(id: string): Promise<WorkspaceRow | undefined>;
  workspaces(filter: WorkspaceFilter): Promise<readonly WorkspaceRow[]>;
  /** Written by the broker alone; leaves the revision. `not_found`; `invalid_transition` once release is desired: nothing takes that back. */
  setDesired(id: string, change: { desired: DesiredState; reason: Reason; by: string }, audit: AuditEntry): Promise<WorkspaceRow>;
  /**
   * Written by the loop alone, with the revision it last saw: the new state and what changes with it, an event, and the allocation
   * taken or given back, in one step. `invalid_transition` when the table of `#workspace` does not allow it, with its reason, or when a
   * released workspace would keep an allocation; `stale_revision`; `lease_lost`; `exists` when it holds an allocation already.
   * The present state as target is allowed (but for released): a new reason, not a transition. Without a reason the present one stays.
   */
  move(step: WorkspaceStep): Promise<WorkspaceRow>;
  /** Several moves in one step (one admission cycle): all or none. */
  moveAll(steps: readonly WorkspaceStep[]): Promise<readonly WorkspaceRow[]>;
  /** The handle as soon as it exists; does not raise the revision. Refused (`stale_generation`) for another generation than the row's. */
  storeHandle(id: string, generation: number, handle: unknown): Promise<void>;
  /**
   * Durable events of the workspace after `revision` (and, at that revision, after `part`: see `eventPosition`), oldest first;
   * `reset` true when older ones are gone, or when the reader knows more than the store does.
   */
  events(id: string, afterRevision: number, afterPart?: number): Promise<{ events: readonly WorkspaceEvent[]; reset: boolean }>;
  /** Called after each commit with the durable events in it (in this process only). */
  onEvents(listener: (events: readonly WorkspaceEvent[]) => void): () => void;

  // -- launches
  /** With its event, and its audit entry where one is given. `exists`, `not_found` (no such workspace). */
  recordLaunch(launch: LaunchRow, audit?: AuditEntry): Promise<void>;
  updateLaunch(id: string, change: { state: LaunchState; exit?: number; endedAt?: number }): Promise<void>;
  launches(workspace: string): Promise<readonly LaunchRow[]>;

  // -- allocations
  allocations(): Promise<readonly AllocationRow[]>;

  // -- people
  createAccount(account: AccountRow, audit: AuditEntry): Promise<void>;
  account(name: string): Promise<AccountRow | undefined>;
  accounts(): Promise<readonly AccountRow[]>;
  setAccount(
    name: string,
    change: { roles?: readonly Role[]; groups?: readonly string[]; disabled?: boolean },
    audit: AuditEntry,
  ): Promise<AccountRow>;
  createGroup(group: string, audit: AuditEntry): Promise<void>;
  groups(): Promise<readonly GroupRow[]>;
  /** The highest priority that members may ask for. */
  setGroupPriority(group: string, priority: string, audit: AuditEntry): Promise<void>;
  /** Sign-in codes and sign-ins are stored as SHA-256 hashes. */
  storeCredential(credential: CredentialRow): Promise<void>;
  /** For a code: gives it and removes it, once. For a sign-in: gives it. Expired ones are absent. */
  takeCredential(hash: string, kind: "sign_in_code" | "sign_in", now: number): Promise<CredentialRow | undefined>;

  // -- idempotency: (principal, route, key) → the answer, 24 h
  idempotent(principal: string, route: string, key: string): Promise<IdempotencyRow | undefined>;
  rememberAnswer(row: IdempotencyRow): Promise<void>;

  // -- audit, settings, lease
  audit(entry: AuditEntry): Promise<void>;
  auditEntries(after: number, limit: number): Promise<readonly AuditRow[]>;
  setting(name: string): Promise<unknown>;
  setSetting(name: string, value: unknown): Promise<void>;
  /**
   * One control loop at a time: true when held. Renew within `milliseconds`; by the database's clock. Once asked for, taken or not, every
   * move through this repository needs it (`lease_lost`).
   */
  takeLease(holder: string, milliseconds: number): Promise<boolean>;
  releaseLease(holder: string): Promise<void>;
  /** A copy of the database while it runs. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface NewVersion {
  readonly persona: string;
  readonly name: string;
  readonly description?: string;
  readonly digest: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly ownerGroup: string;
  readonly publishedBy: string;
  readonly publishedAt: number;
}

export interface VersionRow extends NewVersion {
  readonly version: number;
  readonly state: VersionState;
  readonly latest: boolean;
  readonly build: { readonly percent?: number; readonly message?: string; readonly took?: number };
  /** What the image was found to be: reference, bytes, launchables, contents (BuiltImage of #provisioning). */
  readonly image: Readonly<Record<string, unknown>> | undefined;
}

export interface BuildUpdate {
  readonly state?: VersionState;
  readonly percent?: number;
  readonly message?: string;
  readonly took?: number;
  readonly image?: Readonly<Record<string, unknown>>;
}

export interface NewWorkspace {
  readonly id: string;
  readonly owner: string;
  /** The group that is charged. */
  readonly group: string;
  readonly persona: string;
  readonly personaName: string;
  readonly version: number;
  readonly environment: string;
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly priority: string;
  readonly demand: Amounts;
  /** The resolved persona (ConcretePersona), as JSON; holds no secret. */
  readonly concrete: Readonly<Record<string, unknown>>;
  readonly requestedAt: number;
  /** Why it is queued, as the Resource Manager's advice says; `waiting_for_room` when nothing is said. */
  readonly reason?: Reason;
  readonly message?: string;
  /** Recorded with the workspace. The same key and body give that workspace again within 24 h, released or not; another body is `exists`. */
  readonly idempotency?: { readonly principal: string; readonly route: string; readonly key: string; readonly bodyHash: string };
}

export interface WorkspaceRow extends Omit<NewWorkspace, "idempotency" | "reason" | "message"> {
  readonly state: WorkspaceState;
  readonly desired: DesiredState;
  readonly desiredReason: Reason | undefined;
  /** Who set `desired` last. */
  readonly desiredBy?: string | undefined;
  readonly reason: Reason | undefined;
  readonly message: string | undefined;
  readonly revision: number;
  readonly generation: number;
  readonly engineName: string | undefined;
  readonly handle: unknown;
  readonly node: string | undefined;
  /** How often a passing fault was retried in this life. */
  readonly attempts: number;
  readonly queuedSince: number;
  readonly admittedAt: number | undefined;
  readonly readyAt: number | undefined;
  readonly releasedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly phases: readonly { readonly phase: string; readonly took: number }[];
  readonly applications: readonly Launchable[];
  readonly receipt: Readonly<Record<string, unknown>> | undefined;
}

export interface WorkspaceFilter {
  readonly owner?: string;
  readonly persona?: string;
  readonly states?: readonly WorkspaceState[];
  /** Only those whose `desired` is not yet their state, or that are not settled. */
  readonly unsettled?: boolean;
  readonly limit?: number;
}

export interface WorkspaceStep {
  readonly id: string;
  readonly revision: number;
  readonly to: WorkspaceState;
  readonly reason?: Reason;
  readonly message?: string;
  readonly at: number;
  /** Raised by one and stored before the engine is asked. */
  readonly newGeneration?: { readonly engineName: string };
  readonly allocate?: { readonly node: string; readonly amounts: Amounts };
  readonly free?: boolean;
  /** Finished since the last step: added to the row's (which a new generation empties), one event each. */
  readonly phases?: readonly { readonly phase: Phase; readonly took: number }[];
  readonly applications?: readonly Launchable[];
  readonly attempts?: number;
  readonly queuedSince?: number;
  readonly readyAt?: number;
  readonly expiresAt?: number;
  readonly receipt?: Readonly<Record<string, unknown>>;
  /** The old generation's handle is no longer good. */
  readonly handle?: null;
  /** The wish for `ready` (a retry) is fulfilled and not to be read again; a wish for something else that came meanwhile stays. */
  readonly desiredReason?: null;
  /** Written with the step, where it is an act that the audit should show. */
  readonly audit?: AuditEntry;
}

export interface AllocationRow {
  readonly workspace: string;
  readonly node: string;
  readonly amounts: Amounts;
  readonly priority: string;
  readonly group: string;
}

export interface LaunchRow {
  readonly id: string;
  readonly workspace: string;
  readonly generation: number;
  readonly application: string;
  readonly kind: string;
  readonly state: LaunchState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly exit?: number;
  /** For kind web: where it listens and what to open first. */
  readonly web?: { readonly port: number; readonly path: string };
}

export interface AccountRow {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number;
}

export interface GroupRow {
  readonly group: string;
  readonly priority: string;
  readonly members: readonly string[];
}

export interface CredentialRow {
  readonly hash: string;
  readonly kind: "sign_in_code" | "sign_in";
  readonly account: string;
  readonly expiresAt: number;
}

export interface IdempotencyRow {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
  /** 0 while the act is recorded but its answer is not; `answer` is then `{workspace}`. */
  readonly status: number;
  readonly answer: unknown;
  readonly at: number;
}

export interface AuditEntry {
  readonly at: number;
  /** issuer + subject, or `guise` for the loop. */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: "done" | "refused" | "failed";
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface AuditRow extends AuditEntry {
  readonly sequence: number;
}

/**
 * `database_exposed`: folder or files are open to others. `database_full`: no room; the next call may work.
 * `database_failed`: the disk or the database's thread broke; after a failed sync nothing more is acknowledged until a restart.
 */
export type RepositoryErrorCode =
  | "stale_revision"
  | "stale_generation"
  | "invalid_transition"
  | "lease_lost"
  | "not_found"
  | "not_usable"
  | "exists"
  | "database_locked"
  | "database_damaged"
  | "database_foreign"
  | "database_newer"
  | "database_exposed"
  | "database_full"
  | "database_failed";

export type { Problem };
