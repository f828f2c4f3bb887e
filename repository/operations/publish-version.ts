import { sql } from "kysely";
import { toText } from "../json-text.ts";
import type { AuditEntry, NewVersion, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { endIf, run, type Step, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { versionQuery } from "./read-versions.ts";
import { auditStep } from "./write-audit.ts";

export async function publishVersion(
  store: Store,
  version: NewVersion,
  audit: AuditEntry,
): Promise<{ version: VersionRow; existed: boolean }> {
  const newest = versionQuery(store)
    .where("versions.persona", "=", version.persona)
    .where("versions.version", "=", sql<number>`(select max(version) from versions where persona = ${version.persona})`);
  const same = endIf(newest.where("versions.digest", "=", version.digest));
  const published = run(newest);
  const outcome = await store.write([same, personaStep(store, version), insertStep(store, version), published, auditStep(store, audit)]);
  const existed = outcome.endedBy(same);
  const row = outcome.rows(existed ? same : published)[0];
  if (row === undefined) throw new RepositoryError("not_found", `persona ${version.persona} was not written`);
  return { version: versionOf(row), existed };
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
  const { persona, name, digest } = version;
  return run(
    store.sql.insertInto("versions").values(({ selectFrom }) => ({
      ...{ persona, name, digest },
      version: selectFrom("versions").select(sql<number>`coalesce(max(version), 0) + 1`.as("next")).where("persona", "=", persona),
      description: version.description ?? null,
      definition: toText(version.definition),
      owner_group: version.ownerGroup,
      published_by: version.publishedBy,
      published_at: version.publishedAt,
      state: "building",
      revision: 1,
      // A new version does not go back behind what its persona was refreshed to.
      epoch: selectFrom("versions").select("epoch").where("persona", "=", persona).orderBy("version", "desc").limit(1),
    })),
  );
}
