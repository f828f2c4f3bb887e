import type { Amounts, DesiredState, LimitNote, Reason, VersionState, WorkspaceEvent, WorkspaceState } from "@guise/contract";
import type { DataAccessChange, DataAccessRow, DataSourceRow, DataSourceUpdate } from "./stored-data-source.ts";
import type { HomeFilter, HomeRow } from "./stored-home.ts";
import type { ImageHolder, ImageRecord } from "./stored-image.ts";
import type { NoticeRow } from "./stored-notice.ts";
import type { PackageSourceRow, PackageSourceUpdate } from "./stored-package-source.ts";
import type {
  AccountChange,
  AccountRow,
  CredentialKind,
  CredentialRow,
  GroupRow,
  PreferencesRow,
  ProviderCredentialRow,
  ProviderPersonRow,
} from "./stored-people.ts";
import type { AuditEntry, AuditRow, IdempotencyRow } from "./stored-records.ts";
import type { BuildUpdate, CheckPlan, DraftBuild, NewVersion, PresentRevision, RefreshUpdate, VersionRow } from "./stored-version.ts";
import type {
  AllocationRow,
  Allowance,
  LaunchChange,
  LaunchRow,
  NewWorkspace,
  Page,
  QueuedWorkspace,
  QueueLength,
  RunRow,
  Stay,
  Unsettled,
  WorkspaceFilter,
  WorkspaceRow,
  WorkspaceStep,
} from "./stored-workspace.ts";

export type { RepositoryErrorCode } from "./repository-error.ts";
export type * from "./stored-data-source.ts";
export type * from "./stored-home.ts";
export type * from "./stored-image.ts";
export type * from "./stored-notice.ts";
export type * from "./stored-package-source.ts";
export type * from "./stored-people.ts";
export type * from "./stored-records.ts";
export type * from "./stored-version.ts";
export type * from "./stored-workspace.ts";

export interface DesiredChange {
  readonly desired: DesiredState;
  readonly reason: Reason;
  readonly by: string;
  /** With release: a kept home is to be deleted too. */
  readonly dropHome?: boolean;
  /** Its home outlives it, whatever its persona says. */
  readonly keepHome?: boolean;
  /** Who wants it, and why, in words for the owner. */
  readonly note?: string;
  /** Where it is to be ready again: how many of its owner's may wait then, with this one; more are `too_many`. */
  readonly most?: Pick<Allowance, "waiting">;
}

/**
 * The central store. Every method is one atomic, durable step: when it resolves, a power cut loses nothing of it.
 * Writers that present a stale revision get `stale_revision` (RepositoryError) and change nothing.
 * Times are wall-clock ms. JSON values go in and out as objects.
 */
export interface Repository {
  readonly installation: string;

  // -- personas: versions are immutable; only build state, what is a draft, and the pointer "latest" change
  /**
   * Next version number of the persona; state `building`. The same digest as the newest version gives that one back with `existed`.
   * A draft is compared with its author's own, and takes its place. `persona_retired`. Audited.
   */
  publishVersion(version: NewVersion, audit: AuditEntry): Promise<{ version: VersionRow; existed: boolean }>;
  /** State of a build, and what its image was found to be, which counts as used; `usable` moves "latest" to it when it is newer than what "latest" is. */
  setBuild(persona: string, version: number, build: BuildUpdate): Promise<void>;
  appendBuildLog(persona: string, version: number, lines: readonly string[]): Promise<void>;
  buildLog(persona: string, version: number): Promise<readonly string[]>;
  /** Moves "latest" back to a usable version. `not_found`, `not_usable`. */
  rollback(persona: string, version: number, audit: AuditEntry): Promise<VersionRow>;
  /**
   * The draft becomes the version that a request gets, with the image that it has; with checks it is `building` until somebody says
   * that they passed. `not_found`, `not_usable`, `persona_retired`.
   */
  publishDraft(persona: string, version: number, audit: AuditEntry, checks?: CheckPlan): Promise<VersionRow>;
  /** Nobody gets it any more; what runs of it goes on. `not_found`. */
  discardDraft(persona: string, version: number, audit: AuditEntry): Promise<void>;
  /**
   * Nobody can request it any more, or can again: its usable versions are `retired` meanwhile, and nothing is latest. What is held of it
   * goes on. Its versions, the newest first. `not_found`.
   */
  retirePersona(persona: string, retired: boolean, audit: AuditEntry): Promise<readonly VersionRow[]>;
  /**
   * The id is free again, and its images are nobody's. `not_found`, `not_retired`; `persona_in_use` while there is a workspace or a
   * kept home of it (detail: `kind`, and `held` with the id and owner of each).
   */
  removePersona(persona: string, audit: AuditEntry): Promise<void>;
  latestVersions(): Promise<readonly VersionRow[]>;
  /** Drafts among them, whosever they are. */
  versions(persona: string): Promise<readonly VersionRow[]>;
  /** `version` undefined: the latest usable one. By its number also one that was discarded. */
  version(persona: string, version?: number): Promise<VersionRow | undefined>;
  /** Drafts are in none but `draft`. */
  versionsInState(state: VersionState): Promise<readonly VersionRow[]>;
  /** All, or those whose build stands so. */
  drafts(build?: DraftBuild): Promise<readonly VersionRow[]>;

  /**
   * The next image revision, with packages as fresh as `epoch` (a time, RFC 3339), is wanted; one that is wanted already stays as it is.
   * `not_found`, `not_usable`.
   */
  askRefresh(persona: string, version: number, epoch: string, audit: AuditEntry): Promise<VersionRow>;
  /** Versions whose next revision is wanted. */
  refreshing(): Promise<readonly VersionRow[]>;
  /** How a refresh goes, and its end. `not_found` when none is wanted. */
  setRefresh(persona: string, version: number, update: RefreshUpdate): Promise<void>;
  /** What the next start of the version gets: for every start, so without the rest of the row. */
  revision(persona: string, version: number): Promise<PresentRevision | undefined>;

  // -- images: recorded with builds and refreshes; moves of workspaces say when they are used
  images(): Promise<{ readonly records: readonly ImageRecord[]; readonly holders: readonly ImageHolder[] }>;
  /** It was removed from the engine. What the next start of a version gets stays known. */
  forgetImage(reference: string): Promise<void>;

  // -- workspaces
  /**
   * A new workspace in state `queued`, with its first event, audit entry and idempotency record, in one step.
   * `persona_retired`; `not_usable` where its version is discarded; `too_many` where its owner has as many as he may.
   * If one of the same owner, persona, environment and name is not released: that one, `existed: true`, nothing written.
   */
  createWorkspace(workspace: NewWorkspace, audit: AuditEntry): Promise<{ workspace: WorkspaceRow; existed: boolean }>;
  workspace(id: string): Promise<WorkspaceRow | undefined>;
  workspaces(filter: WorkspaceFilter): Promise<readonly WorkspaceRow[]>;
  /** A page of what somebody has to look at, in the order of requests. */
  unsettled(page: Page): Promise<readonly Unsettled[]>;
  /** A page of what waits, in the order of requests. */
  queued(page: Page): Promise<readonly QueuedWorkspace[]>;
  queueLengths(): Promise<readonly QueueLength[]>;
  stays(of: { readonly states?: readonly WorkspaceState[]; readonly ids?: readonly string[] }): Promise<readonly Stay[]>;
  /** Of those that are not released; a state that none is in is absent. */
  countByState(): Promise<ReadonlyMap<WorkspaceState, number>>;
  /** Written by the broker alone; leaves the revision. `not_found`; `invalid_transition` once release is desired: nothing takes that back. */
  setDesired(id: string, change: DesiredChange, audit: AuditEntry): Promise<WorkspaceRow>;
  /** What a ready workspace is to have from now on; written by the broker alone, leaves the revision. `not_found`; `invalid_transition` for what is not ready, or not to stay so. */
  setWantedDemand(id: string, amounts: Amounts, audit: AuditEntry): Promise<WorkspaceRow>;
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
  updateLaunch(id: string, change: LaunchChange): Promise<void>;
  launches(workspace: string): Promise<readonly LaunchRow[]>;

  /** The kernel ended a program of it: its event. `not_found` (no such workspace). */
  recordKill(workspace: string, note: LimitNote): Promise<void>;
  /** The latest `limit` notes of programs that the kernel ended, the newest first. */
  kills(workspace: string, limit: number): Promise<readonly LimitNote[]>;

  // -- allocations
  /** Of all workspaces, or of these. */
  allocations(workspaces?: readonly string[]): Promise<readonly AllocationRow[]>;
  /** Ms for which the workspace held its room, in stretches that are over. */
  timeHeld(workspace: string): Promise<number>;
  /** The latest `limit` runs of a persona, or of all; the newest first. Written with the moves that give room back. */
  runs(filter: { readonly persona?: string; readonly limit: number }): Promise<readonly RunRow[]>;

  // -- homes: made with their workspace; moves keep or drop them
  home(home: string): Promise<HomeRow | undefined>;
  /** The one that a request would get, if one is kept. */
  keptHome(key: Pick<HomeRow, "owner" | "persona" | "environment" | "name">): Promise<HomeRow | undefined>;
  homes(filter: HomeFilter): Promise<readonly HomeRow[]>;
  /** Intent of the broker: nobody gets it any more, and the loop deletes it. `not_found`; `home_in_use` while a workspace has it. */
  doomHome(home: string, audit: AuditEntry): Promise<HomeRow>;
  /** Written by the loop when the files are gone. Absent is success. */
  forgetHome(home: string): Promise<void>;

  // -- people
  createAccount(account: AccountRow, audit: AuditEntry): Promise<void>;
  account(name: string): Promise<AccountRow | undefined>;
  accounts(): Promise<readonly AccountRow[]>;
  setAccount(name: string, change: AccountChange, audit: AuditEntry): Promise<AccountRow>;
  createGroup(group: string, audit: AuditEntry): Promise<void>;
  groups(): Promise<readonly GroupRow[]>;
  /** The highest priority that members may ask for. */
  setGroupPriority(group: string, priority: string, audit: AuditEntry): Promise<void>;
  /** Sign-in codes, sign-ins and sessions are stored as SHA-256 hashes. */
  storeCredential(credential: CredentialRow): Promise<void>;
  /** For a code: gives it and removes it, once. For a sign-in or a session: gives it. Expired ones are absent. */
  takeCredential(hash: string, kind: CredentialKind, now: number): Promise<CredentialRow | undefined>;
  /** What `takeCredential` would give; it stays. */
  credential(hash: string, kind: CredentialKind, now: number): Promise<CredentialRow | undefined>;
  /** Whether it was there. */
  dropCredential(hash: string): Promise<boolean>;
  /** The person with what the provider says now; the newest sign-in is the one by which it is asked again. */
  storeProviderCredential(credential: ProviderCredentialRow & { readonly of: ProviderPersonRow }): Promise<void>;
  /** Absent where it is over. */
  providerCredential(hash: string, now: number): Promise<(ProviderCredentialRow & { readonly of: ProviderPersonRow }) | undefined>;
  /** What a provider said of somebody last, while a sign-in of the person lasts. */
  providerPerson(principal: string): Promise<ProviderPersonRow | undefined>;
  /** `before`: the renewal by which the provider was asked. Nothing happens where the person signed in anew meanwhile. */
  renewProviderPerson(person: ProviderPersonRow, before: string): Promise<void>;
  /** Whether it was there. */
  dropProviderCredential(hash: string): Promise<boolean>;
  /** With all credentials; nothing happens where the person signed in anew meanwhile. */
  forgetProviderPerson(principal: string, before: string): Promise<void>;

  // -- preferences: of a principal, never anybody else's
  /** Revision 0 and nothing, where nothing was stored. */
  preferences(principal: string): Promise<PreferencesRow>;
  /** All of them anew; gives the raised revision. `stale_revision` where another than the given one is there. */
  setPreferences(principal: string, row: PreferencesRow, audit: AuditEntry): Promise<PreferencesRow>;

  // -- notices: what people are to be told outside the page
  /** Those whose id and way are new. What was told before `keptSince` is forgotten. */
  addNotices(rows: readonly NoticeRow[], keptSince: number): Promise<void>;
  /** What is to be told still, by the time of the next try. */
  pendingNotices(limit: number): Promise<readonly NoticeRow[]>;
  /** Without a next try it is over. */
  settleNotice(
    which: Pick<NoticeRow, "id" | "way">,
    change: { readonly attempts: number; readonly nextAt: number | undefined },
  ): Promise<void>;
  /** Where mail reaches somebody, as a token said it last. */
  address(principal: string): Promise<string | undefined>;
  noteAddress(principal: string, email: string): Promise<void>;

  // -- package sources
  /** `exists`. */
  addPackageSource(source: PackageSourceRow, audit: AuditEntry): Promise<void>;
  packageSources(): Promise<readonly PackageSourceRow[]>;
  /** `not_found`; `stale_revision` when somebody else changed it meanwhile. */
  changePackageSource(source: string, change: PackageSourceUpdate, audit: AuditEntry): Promise<PackageSourceRow>;
  /** What was built with it stays. `not_found`. */
  removePackageSource(source: string, audit: AuditEntry): Promise<void>;

  // -- data sources, and what workspaces were given of them
  /** `exists`. */
  addDataSource(source: DataSourceRow, audit: AuditEntry): Promise<void>;
  /** Removed ones too, until they are forgotten. */
  dataSources(): Promise<readonly DataSourceRow[]>;
  /** `not_found`; `stale_revision` when somebody else changed it meanwhile. */
  changeDataSource(source: string, change: DataSourceUpdate, audit: AuditEntry): Promise<DataSourceRow>;
  /** Nobody is given it from now on. `not_found`. */
  removeDataSource(source: string, at: number, audit: AuditEntry): Promise<void>;
  /** Only where it was removed and nothing of it is given any more. */
  forgetDataSource(source: string): Promise<void>;
  /** Before the role is made. */
  recordDataAccess(access: DataAccessRow): Promise<void>;
  /** Of one workspace, or all. */
  dataAccesses(workspace?: string): Promise<readonly DataAccessRow[]>;
  updateDataAccess(role: string, change: DataAccessChange): Promise<void>;
  /** All that the workspace was given is to be taken back. */
  endDataAccesses(workspace: string): Promise<void>;
  /** The role is gone. */
  forgetDataAccess(role: string): Promise<void>;

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
