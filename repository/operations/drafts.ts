import { toText } from "../json-text.ts";
import type { AuditEntry, CheckPlan, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { versionQuery } from "./read-versions.ts";
import { notRetired } from "./retire-persona.ts";
import { auditStep } from "./write-audit.ts";

/** It is what a request gets from now on, whatever was published meanwhile: its author asks for just that. With checks, as soon as they pass. */
export async function publishDraft(
  store: Store,
  persona: string,
  version: number,
  audit: AuditEntry,
  checkPlan?: CheckPlan,
): Promise<VersionRow> {
  const gone = () => new RepositoryError("not_found", `persona ${persona} has no draft ${version}`);
  const wanted = versionQuery(store).where("versions.persona", "=", persona).where("versions.version", "=", version);
  const after = run(wanted);
  const outcome = await store.write([
    notRetired(store, persona),
    must(wanted.where("versions.state", "=", "draft"), gone),
    must(
      wanted.where("versions.draft_build", "=", "usable"),
      () => new RepositoryError("not_usable", `draft ${version} of ${persona} is not usable`),
    ),
    run(
      store.sql
        .updateTable("versions")
        .set({
          ...{ draft_build: null, published_at: audit.at },
          ...(checkPlan === undefined
            ? { state: "usable" as const }
            : { state: "building" as const, check_plan: toText(checkPlan), build_message: "built; its checks are next" }),
        })
        .where("persona", "=", persona)
        .where("version", "=", version),
    ),
    ...(checkPlan === undefined ? [run(store.sql.updateTable("personas").set({ latest: version }).where("persona", "=", persona))] : []),
    after,
    auditStep(store, audit),
  ]);
  const row = outcome.rows(after)[0];
  if (row === undefined) throw gone();
  return versionOf(row);
}

/** What runs of it goes on. */
export async function discardDraft(store: Store, persona: string, version: number, audit: AuditEntry): Promise<void> {
  const discarded = store.sql
    .updateTable("versions")
    .set({ removed_at: audit.at })
    .where("persona", "=", persona)
    .where("version", "=", version)
    .where("state", "=", "draft")
    .where("removed_at", "is", null)
    .returning("version");
  const gone = () => new RepositoryError("not_found", `persona ${persona} has no draft ${version}`);
  await store.write([must(discarded, gone), auditStep(store, audit)]);
}
