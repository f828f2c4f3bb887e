import type { VersionState } from "@guise/contract";
import type { VersionRow } from "../repository.ts";
import type { Store } from "../store.ts";
import type { DraftBuild } from "../stored-version.ts";
import { type StoredVersion, versionOf } from "../version-row.ts";

/** Versions with what "latest" of their persona is; those that were removed too. */
function everyVersion(store: Store) {
  return store.sql
    .selectFrom("versions")
    .innerJoin("personas", "personas.persona", "versions.persona")
    .selectAll("versions")
    .select(["personas.latest", "personas.retired_at"])
    .orderBy("versions.persona")
    .orderBy("versions.version", "desc");
}

/** Versions with what "latest" of their persona is. */
export function versionQuery(store: Store) {
  return everyVersion(store).where("versions.removed_at", "is", null);
}

function rowsOf(rows: readonly StoredVersion[]): readonly VersionRow[] {
  return rows.map(versionOf);
}

export async function readLatestVersions(store: Store): Promise<readonly VersionRow[]> {
  const [rows] = await store.read(versionQuery(store).whereRef("versions.version", "=", "personas.latest"));
  return rowsOf(rows);
}

/** The newest first. */
export async function readVersions(store: Store, persona: string): Promise<readonly VersionRow[]> {
  const [rows] = await store.read(versionQuery(store).where("versions.persona", "=", persona));
  return rowsOf(rows);
}

/** By its number also one that was removed: what runs of it goes on. */
export async function readVersion(store: Store, persona: string, version: number | undefined): Promise<VersionRow | undefined> {
  const one =
    version === undefined
      ? versionQuery(store).whereRef("versions.version", "=", "personas.latest")
      : everyVersion(store).where("versions.version", "=", version);
  const [rows] = await store.read(one.where("versions.persona", "=", persona));
  return rowsOf(rows)[0];
}

export async function readVersionsInState(store: Store, state: VersionState): Promise<readonly VersionRow[]> {
  const [rows] = await store.read(versionQuery(store).where("versions.state", "=", state));
  return rowsOf(rows);
}

export async function readDrafts(store: Store, build: DraftBuild | undefined): Promise<readonly VersionRow[]> {
  const drafts = versionQuery(store).where("versions.state", "=", "draft");
  const [rows] = await store.read(build === undefined ? drafts : drafts.where("versions.draft_build", "=", build));
  return rowsOf(rows);
}
