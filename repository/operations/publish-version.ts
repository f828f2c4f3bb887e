import { sql } from "kysely";
import { toText } from "../json-text.ts";
import type { AuditEntry, NewVersion, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { endIf, run, type Step, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { versionQuery } from "./read-versions.ts";
import { notRetired } from "./retire-persona.ts";
import { auditStep } from "./write-audit.ts";

export async function publishVersion(
  store: Store,
  version: NewVersion,
  audit: AuditEntry,
): Promise<{ version: VersionRow; existed: boolean }> {
  const { persona } = version;
  const same = endIf(lastLike(store, version).where("versions.digest", "=", version.digest));
  const published = run(
    versionQuery(store)
      .where("versions.persona", "=", persona)
      .where("versions.version", "=", sql<number>`(select max(version) from versions where persona = ${persona})`),
  );
  const outcome = await store.write([
    notRetired(store, persona),
    same,
    personaStep(store, version),
    insertStep(store, version),
    ...(version.isDraft === true ? [removeFormerDrafts(store, version)] : []),
    published,
    auditStep(store, audit),
  ]);
  const existed = outcome.endedBy(same);
  const row = outcome.rows(existed ? same : published)[0];
  if (row === undefined) throw new RepositoryError("not_found", `persona ${persona} was not written`);
  return { version: versionOf(row), existed };
}

/** The newest of those that the version is one of: what is published, or its author's own draft. */
function lastLike(store: Store, { persona, isDraft, publishedBy }: NewVersion) {
  const like = isDraft === true ? sql<boolean>`state = 'draft' and published_by = ${publishedBy}` : sql<boolean>`state <> 'draft'`;
  return versionQuery(store)
    .where("versions.persona", "=", persona)
    .where(
      "versions.version",
      "=",
      sql<number>`(select max(version) from versions where persona = ${persona} and removed_at is null and ${like})`,
    );
}

function personaStep(store: Store, { persona }: NewVersion): Step {
  return run(
    store.sql
      .insertInto("personas")
      .values({ persona, latest: null })
      .onConflict((conflict) => conflict.column("persona").doNothing()),
  );
}

function insertStep(store: Store, version: NewVersion): Step {
  const { persona, name, digest, isDraft = false } = version;
  return run(
    store.sql.insertInto("versions").values(({ selectFrom }) => ({
      ...{ persona, name, digest },
      version: nextVersion(persona),
      description: version.description ?? null,
      definition: toText(version.definition),
      owner_group: version.ownerGroup,
      published_by: version.publishedBy,
      published_at: version.publishedAt,
      ...(isDraft ? { state: "draft" as const, draft_build: "building" as const } : { state: "building" as const }),
      check_plan: version.checkPlan === undefined ? null : toText(version.checkPlan),
      revision: 1,
      // A new version does not go back behind what its persona was refreshed to.
      epoch: selectFrom("versions").select("epoch").where("persona", "=", persona).orderBy("version", "desc").limit(1),
    })),
  );
}

/** Numbers are never given twice: workspaces and records of what is gone name them still. */
function nextVersion(persona: string) {
  return sql<number>`(select coalesce(max(version), 0) + 1 from versions where persona = ${persona})`;
}

/** One draft for each author and persona. What runs of a former one goes on. */
function removeFormerDrafts(store: Store, { persona, publishedBy, publishedAt }: NewVersion): Step {
  return run(
    store.sql
      .updateTable("versions")
      .set({ removed_at: publishedAt })
      .where("persona", "=", persona)
      .where("state", "=", "draft")
      .where("published_by", "=", publishedBy)
      .where("removed_at", "is", null)
      .where("version", "<", sql<number>`(select max(version) from versions where persona = ${persona})`),
  );
}
