import { createAccount, readAccount, readAccounts, setAccount } from "./operations/accounts.ts";
import { appendBuildLog, readBuildLog } from "./operations/build-log.ts";
import { createWorkspace } from "./operations/create-workspace.ts";
import { credential, dropCredential, storeCredential, takeCredential } from "./operations/credentials.ts";
import { endDataAccesses, forgetDataAccess, readDataAccesses, recordDataAccess, updateDataAccess } from "./operations/data-accesses.ts";
import { addDataSource, changeDataSource, forgetDataSource, readDataSources, removeDataSource } from "./operations/data-sources.ts";
import { discardDraft, publishDraft } from "./operations/drafts.ts";
import { createGroup, readGroups, setGroupPriority } from "./operations/groups.ts";
import { doomHome, forgetHome, readHome, readHomes, readKeptHome } from "./operations/homes.ts";
import { readAnswer, rememberAnswer } from "./operations/idempotency.ts";
import { forgetImage, readImages } from "./operations/images.ts";
import { readKills, recordKill } from "./operations/kills.ts";
import { readLaunches, recordLaunch, updateLaunch } from "./operations/launches.ts";
import { releaseLease, takeLease } from "./operations/lease.ts";
import { countWorkspaces, readQueued, readQueueLengths, readStays, readUnsettled } from "./operations/look-over-workspaces.ts";
import { moveWorkspaces } from "./operations/move-workspaces.ts";
import { addNotices, noteAddress, readAddress, readPendingNotices, settleNotice } from "./operations/notices.ts";
import { addPackageSource, changePackageSource, readPackageSources, removePackageSource } from "./operations/package-sources.ts";
import { readPreferences, writePreferences } from "./operations/preferences.ts";
import {
  dropProviderCredential,
  forgetProviderPerson,
  readProviderCredential,
  readProviderPerson,
  renewProviderPerson,
  storeProviderCredential,
} from "./operations/provider-people.ts";
import { publishVersion } from "./operations/publish-version.ts";
import { readAllocations } from "./operations/read-allocations.ts";
import { readAudit } from "./operations/read-audit.ts";
import { readEvents } from "./operations/read-events.ts";
import { readDrafts, readLatestVersions, readVersion, readVersions, readVersionsInState } from "./operations/read-versions.ts";
import { readWorkspace, readWorkspaces } from "./operations/read-workspaces.ts";
import { askRefresh, readRefreshing, readRevision, setRefresh } from "./operations/refresh-version.ts";
import { removePersona, retirePersona } from "./operations/retire-persona.ts";
import { rollback } from "./operations/rollback.ts";
import { readRuns, readTimeHeld } from "./operations/runs.ts";
import { setBuild } from "./operations/set-build.ts";
import { setDesired } from "./operations/set-desired.ts";
import { setWantedDemand } from "./operations/set-wanted-demand.ts";
import { readSetting, writeSetting } from "./operations/settings.ts";
import { storeHandle } from "./operations/store-handle.ts";
import { writeAudit } from "./operations/write-audit.ts";
import type { Repository } from "./repository.ts";
import { RepositoryError } from "./repository-error.ts";
import type { Store } from "./store.ts";

/** What a back end does by itself; all else is operations on its store. */
export type BackEnd = Pick<Repository, "installation" | "onEvents" | "backup" | "close">;

/** The operations bound to the store of one back end. */
export function boundRepository(store: Store, backEnd: BackEnd): Repository {
  return { ...versionMethods(store), ...workspaceMethods(store), ...peopleMethods(store), ...recordMethods(store), ...backEnd };
}

function versionMethods(store: Store) {
  return {
    publishVersion: (version, audit) => publishVersion(store, version, audit),
    setBuild: (persona, version, build) => setBuild(store, persona, version, build),
    appendBuildLog: (persona, version, lines) => appendBuildLog(store, persona, version, lines),
    buildLog: (persona, version) => readBuildLog(store, persona, version),
    rollback: (persona, version, audit) => rollback(store, persona, version, audit),
    publishDraft: (persona, version, audit, plan) => publishDraft(store, persona, version, audit, plan),
    discardDraft: (persona, version, audit) => discardDraft(store, persona, version, audit),
    retirePersona: (persona, retired, audit) => retirePersona(store, persona, retired, audit),
    removePersona: (persona, audit) => removePersona(store, persona, audit),
    drafts: (build) => readDrafts(store, build),
    latestVersions: () => readLatestVersions(store),
    versions: (persona) => readVersions(store, persona),
    version: (persona, version) => readVersion(store, persona, version),
    versionsInState: (state) => readVersionsInState(store, state),
    askRefresh: (persona, version, epoch, audit) => askRefresh(store, persona, version, epoch, audit),
    refreshing: () => readRefreshing(store),
    setRefresh: (persona, version, update) => setRefresh(store, persona, version, update),
    revision: (persona, version) => readRevision(store, persona, version),
    images: () => readImages(store),
    forgetImage: (reference) => forgetImage(store, reference),
  } satisfies Partial<Repository>;
}

function workspaceMethods(store: Store) {
  return {
    createWorkspace: (workspace, audit) => createWorkspace(store, workspace, audit),
    workspace: (id) => readWorkspace(store, id),
    workspaces: (filter) => readWorkspaces(store, filter),
    unsettled: (page) => readUnsettled(store, page),
    queued: (page) => readQueued(store, page),
    queueLengths: () => readQueueLengths(store),
    stays: (of) => readStays(store, of),
    countByState: () => countWorkspaces(store),
    setDesired: (id, change, audit) => setDesired(store, id, change, audit),
    setWantedDemand: (id, amounts, audit) => setWantedDemand(store, id, amounts, audit),
    async move(step) {
      const [row] = await moveWorkspaces(store, [step]);
      if (row === undefined) throw new RepositoryError("not_found", `there is no workspace ${step.id}`);
      return row;
    },
    moveAll: (steps) => moveWorkspaces(store, steps),
    storeHandle: (id, generation, handle) => storeHandle(store, id, generation, handle),
    events: (id, afterRevision, afterPart) => readEvents(store, id, afterRevision, afterPart),
    recordLaunch: (launch, audit) => recordLaunch(store, launch, audit),
    recordKill: (workspace, note) => recordKill(store, workspace, note),
    kills: (workspace, limit) => readKills(store, workspace, limit),
    updateLaunch: (id, change) => updateLaunch(store, id, change),
    launches: (workspace) => readLaunches(store, workspace),
    allocations: (workspaces) => readAllocations(store, workspaces),
    timeHeld: (workspace) => readTimeHeld(store, workspace),
    runs: (filter) => readRuns(store, filter),
    home: (home) => readHome(store, home),
    keptHome: (key) => readKeptHome(store, key),
    homes: (filter) => readHomes(store, filter),
    doomHome: (home, audit) => doomHome(store, home, audit),
    forgetHome: (home) => forgetHome(store, home),
  } satisfies Partial<Repository>;
}

function peopleMethods(store: Store) {
  return {
    createAccount: (account, audit) => createAccount(store, account, audit),
    account: (name) => readAccount(store, name),
    accounts: () => readAccounts(store),
    setAccount: (name, change, audit) => setAccount(store, name, change, audit),
    createGroup: (group, audit) => createGroup(store, group, audit),
    groups: () => readGroups(store),
    addPackageSource: (source, audit) => addPackageSource(store, source, audit),
    packageSources: () => readPackageSources(store),
    changePackageSource: (source, change, audit) => changePackageSource(store, source, change, audit),
    removePackageSource: (source, audit) => removePackageSource(store, source, audit),
    addDataSource: (source, audit) => addDataSource(store, source, audit),
    dataSources: () => readDataSources(store),
    changeDataSource: (source, change, audit) => changeDataSource(store, source, change, audit),
    removeDataSource: (source, at, audit) => removeDataSource(store, source, at, audit),
    forgetDataSource: (source) => forgetDataSource(store, source),
    recordDataAccess: (access) => recordDataAccess(store, access),
    dataAccesses: (workspace) => readDataAccesses(store, workspace),
    updateDataAccess: (role, change) => updateDataAccess(store, role, change),
    endDataAccesses: (workspace) => endDataAccesses(store, workspace),
    forgetDataAccess: (role) => forgetDataAccess(store, role),
    storeProviderCredential: (credential) => storeProviderCredential(store, credential),
    providerCredential: (hash, now) => readProviderCredential(store, hash, now),
    providerPerson: (principal) => readProviderPerson(store, principal),
    renewProviderPerson: (person, before) => renewProviderPerson(store, person, before),
    dropProviderCredential: (hash) => dropProviderCredential(store, hash),
    forgetProviderPerson: (principal, before) => forgetProviderPerson(store, principal, before),
    preferences: (principal) => readPreferences(store, principal),
    setPreferences: (principal, row, audit) => writePreferences(store, principal, row, audit),
    addNotices: (rows, keptSince) => addNotices(store, rows, keptSince),
    pendingNotices: (limit) => readPendingNotices(store, limit),
    settleNotice: (which, change) => settleNotice(store, which, change),
    address: (principal) => readAddress(store, principal),
    noteAddress: (principal, email) => noteAddress(store, principal, email),
    setGroupPriority: (group, priority, audit) => setGroupPriority(store, group, priority, audit),
    storeCredential: (credential) => storeCredential(store, credential),
    takeCredential: (hash, kind, now) => takeCredential(store, hash, kind, now),
    credential: (hash, kind, now) => credential(store, hash, kind, now),
    dropCredential: (hash) => dropCredential(store, hash),
  } satisfies Partial<Repository>;
}

function recordMethods(store: Store) {
  return {
    idempotent: (principal, route, key) => readAnswer(store, principal, route, key),
    rememberAnswer: (row) => rememberAnswer(store, row),
    audit: (entry) => writeAudit(store, entry),
    auditEntries: (after, limit) => readAudit(store, after, limit),
    setting: (name) => readSetting(store, name),
    setSetting: (name, value) => writeSetting(store, name, value),
    takeLease: (holder, milliseconds) => takeLease(store, holder, milliseconds),
    releaseLease: (holder) => releaseLease(store, holder),
  } satisfies Partial<Repository>;
}
