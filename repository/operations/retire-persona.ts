import { sql } from "kysely";
import type { AuditEntry, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, mustNot, type Outcome, run, type Step, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { versionQuery } from "./read-versions.ts";
import { auditStep } from "./write-audit.ts";

/** Nothing new comes to what nobody can request. */
export function notRetired(store: Store, persona: string): Step {
  const retired = personaWhere(store, persona).where("retired_at", "is not", null);
  return mustNot(retired, () => new RepositoryError("persona_retired", `persona ${persona} is retired`));
}

/** What is so already stays as it is. The newest first. */
export async function retirePersona(store: Store, persona: string, retired: boolean, audit: AuditEntry): Promise<readonly VersionRow[]> {
  const after = run(versionQuery(store).where("versions.persona", "=", persona));
  const outcome = await store.write([
    published(store, persona),
    ...(retired ? retireSteps(store, persona, audit.at) : takeBackSteps(store, persona)),
    after,
    auditStep(store, audit),
  ]);
  return outcome.rows(after).map(versionOf);
}

/** "latest" goes, so that nothing takes it for what can be requested; what it was is kept for who takes that back. */
function retireSteps(store: Store, persona: string, at: number): readonly Step[] {
  return [
    run(
      store.sql
        .updateTable("personas")
        .set({ retired_at: at, retired_latest: sql<number | null>`latest`, latest: null })
        .where("persona", "=", persona)
        .where("retired_at", "is", null),
    ),
    run(moved(store, persona, "usable", "retired")),
  ];
}

function takeBackSteps(store: Store, persona: string): readonly Step[] {
  return [
    run(
      store.sql
        .updateTable("personas")
        .set({ retired_at: null, latest: sql<number | null>`retired_latest`, retired_latest: null })
        .where("persona", "=", persona)
        .where("retired_at", "is not", null),
    ),
    run(moved(store, persona, "retired", "usable")),
  ];
}

function moved(store: Store, persona: string, from: "usable" | "retired", to: "usable" | "retired") {
  return store.sql
    .updateTable("versions")
    .set({ state: to })
    .where("persona", "=", persona)
    .where("state", "=", from)
    .where("removed_at", "is", null);
}

/**
 * Its versions are had by nobody any more, and the id is free. What was given back stays written down, and names them. Drafts of it go too.
 */
export async function removePersona(store: Store, persona: string, audit: AuditEntry): Promise<void> {
  const workspaces = store.sql.selectFrom("workspaces").select(["id", "owner"]).where("persona", "=", persona);
  const living = workspaces.where("state", "<>", sql.lit("released" as const)).orderBy("id");
  const homes = store.sql.selectFrom("homes").select(["home as id", "owner"]).where("persona", "=", persona).where("workspace", "is", null);
  const held: { id: string; owner: string }[] = [];
  const inUse = (kind: "workspace" | "home") => (outcome: Outcome) => {
    const rows = outcome.rows(kind === "workspace" ? noWorkspace : noHome);
    held.push(...rows);
    return new RepositoryError("persona_in_use", `of persona ${persona} there are ${kind}s`, { detail: { kind, held } });
  };
  const noWorkspace: Step<{ id: string; owner: string }> = mustNot(living, inUse("workspace"));
  const noHome: Step<{ id: string; owner: string }> = mustNot(homes.orderBy("home"), inUse("home"));
  await store.write([
    published(store, persona),
    must(
      personaWhere(store, persona).where("retired_at", "is not", null),
      () => new RepositoryError("not_retired", `persona ${persona} is not retired`),
    ),
    noWorkspace,
    noHome,
    run(store.sql.updateTable("versions").set({ removed_at: audit.at }).where("persona", "=", persona).where("removed_at", "is", null)),
    run(store.sql.updateTable("personas").set({ retired_at: null, retired_latest: null, latest: null }).where("persona", "=", persona)),
    auditStep(store, audit),
  ]);
}

/** A draft alone is nothing that could be retired. */
function published(store: Store, persona: string): Step {
  const versions = store.sql.selectFrom("versions").select("version").where("persona", "=", persona);
  return must(
    versions.where("removed_at", "is", null).where("state", "<>", sql.lit("draft" as const)),
    () => new RepositoryError("not_found", `there is no persona ${persona}`),
  );
}

function personaWhere(store: Store, persona: string) {
  return store.sql.selectFrom("personas").select("persona").where("persona", "=", persona);
}
