import { sql } from "kysely";
import { toText } from "../json-text.ts";
import type { AuditEntry, PresentRevision, RefreshUpdate, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { recordImage } from "./images.ts";
import { versionQuery } from "./read-versions.ts";
import { auditStep } from "./write-audit.ts";

export async function askRefresh(store: Store, persona: string, version: number, epoch: string, audit: AuditEntry): Promise<VersionRow> {
  const gone = () => new RepositoryError("not_found", `persona ${persona} has no version ${version}`);
  const wanted = versionQuery(store).where("versions.persona", "=", persona).where("versions.version", "=", version);
  const after = run(wanted);
  const outcome = await store.write([
    must(wanted, gone),
    must(
      wanted.where("versions.state", "=", "usable"),
      () => new RepositoryError("not_usable", `version ${version} of ${persona} is not usable`),
    ),
    run(
      store.sql
        .updateTable("versions")
        .set({ refresh_epoch: epoch, refresh_percent: 0, refresh_message: null })
        .where("persona", "=", persona)
        .where("version", "=", version)
        .where("refresh_epoch", "is", null),
    ),
    after,
    auditStep(store, audit),
  ]);
  const row = outcome.rows(after)[0];
  if (row === undefined) throw gone();
  return versionOf(row);
}

/** In the order of the asking: epochs are times. */
export async function readRefreshing(store: Store): Promise<readonly VersionRow[]> {
  const wanted = versionQuery(store).clearOrderBy().where(sql<boolean>`versions.refresh_epoch IS NOT NULL`);
  const [rows] = await store.read(wanted.orderBy("versions.refresh_epoch"));
  return rows.map(versionOf);
}

export async function setRefresh(store: Store, persona: string, version: number, update: RefreshUpdate): Promise<void> {
  const at = store.clock.now();
  const present = store.sql
    .updateTable("versions")
    .where("persona", "=", persona)
    .where("version", "=", version)
    .where("refresh_epoch", "is not", null);
  const gone = () => new RepositoryError("not_found", `version ${version} of ${persona} is not being refreshed`);
  if (update.outcome === "built") {
    const { image } = update;
    const next = { image: toText(image), refresh_epoch: null, refresh_percent: null, refresh_message: null };
    const built = present.set({ ...next, revision: sql<number>`revision + 1`, epoch: sql<string>`refresh_epoch` });
    await store.write([must(built.returning("version"), gone), recordImage(store, { persona, version }, String(image.reference), at)]);
  } else if (update.outcome === "failed") {
    const failed = present.set({ refresh_epoch: null, refresh_percent: null, refresh_message: update.message });
    await store.write([must(failed.returning("version"), gone)]);
  } else {
    const { message, percent } = update;
    const told = present.set({
      ...(message === undefined ? {} : { refresh_message: message }),
      ...(percent === undefined ? {} : { refresh_percent: percent }),
      refresh_epoch: sql<string>`refresh_epoch`,
    });
    await store.write([run(told)]);
  }
}

export async function readRevision(store: Store, persona: string, version: number): Promise<PresentRevision | undefined> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("versions")
      .innerJoin("personas", "personas.persona", "versions.persona")
      .leftJoin("images", (join) =>
        join
          .onRef("images.persona", "=", "versions.persona")
          .onRef("images.version", "=", "versions.version")
          .onRef("images.revision", "=", "versions.revision"),
      )
      .select(["versions.revision", "versions.epoch", "versions.state", "personas.retired_at", "images.reference"])
      .where("versions.persona", "=", persona)
      .where("versions.version", "=", version),
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { revision, epoch, reference, state, retired_at } = row;
  return {
    revision,
    epoch: epoch ?? undefined,
    reference: reference ?? undefined,
    isDraft: state === "draft",
    isRetired: retired_at !== null,
  };
}
