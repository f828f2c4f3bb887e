import type { WorkspaceState } from "@guise/contract";
import { sql } from "kysely";
import { toText } from "../json-text.ts";
import type { AuditEntry, NewWorkspace, WorkspaceRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { endIf, must, mustNot, type Step, type Store } from "../store.ts";
import type { WorkspacesTable } from "../tables.ts";
import { workspaceOf } from "../workspace-row.ts";
import { allowanceSteps } from "./allowance.ts";
import { homeTakenBy, newHome, takeKeptHome } from "./homes.ts";
import { forgetOldAnswers, recordKey, remembered } from "./idempotency.ts";
import { notRetired } from "./retire-persona.ts";
import { auditStep } from "./write-audit.ts";
import { stateEventStep } from "./write-event.ts";

export async function createWorkspace(
  store: Store,
  workspace: NewWorkspace,
  audit: AuditEntry,
): Promise<{ workspace: WorkspaceRow; existed: boolean }> {
  const looks = [...sameRequest(store, workspace), held(store, workspace)];
  const insert = insertStep(store, workspace);
  const outcome = await store.write([
    ...looks,
    notRetired(store, workspace.persona),
    offered(store, workspace),
    ...allowanceSteps(store, workspace.owner, workspace.most ?? {}),
    takeKeptHome(store, workspace),
    newHome(store, workspace),
    insert,
    firstEvent(store, workspace),
    ...keySteps(store, workspace),
    auditStep(store, audit),
  ]);
  for (const step of looks) {
    const found = outcome.endedBy(step) ? outcome.rows(step)[0] : undefined;
    if (found !== undefined) return { workspace: workspaceOf(found), existed: true };
  }
  const row = outcome.rows(insert)[0];
  if (row === undefined) throw new RepositoryError("exists", `workspace ${workspace.id} was not written`);
  return { workspace: workspaceOf(row), existed: false };
}

/** The same key with the same body is the same request, whatever became of its workspace; with another body it is a mistake. */
function sameRequest(store: Store, { idempotency }: NewWorkspace): readonly Step<WorkspacesTable>[] {
  if (idempotency === undefined) return [];
  const known = remembered(store, idempotency).innerJoin("workspaces", "workspaces.id", "idempotency.workspace").selectAll("workspaces");
  return [
    endIf(known.where("idempotency.body_hash", "=", idempotency.bodyHash)),
    mustNot(
      known.where("idempotency.body_hash", "<>", idempotency.bodyHash),
      () => new RepositoryError("exists", "the key was used for another request"),
    ),
  ];
}

/** What was decided on may be discarded by now. */
function offered(store: Store, { persona, version }: NewWorkspace): Step {
  const there = store.sql.selectFrom("versions").select("version").where("persona", "=", persona).where("version", "=", version);
  return mustNot(
    there.where("removed_at", "is not", null),
    () => new RepositoryError("not_usable", `version ${version} of ${persona} is not to be had any more`),
  );
}

/** Written out, not bound: only so does SQLite see for certain that the index of what is held serves. */
const RELEASED = sql.lit<WorkspaceState>("released");

function held(store: Store, { owner, persona, environment, name }: NewWorkspace): Step<WorkspacesTable> {
  return endIf(
    store.sql
      .selectFrom("workspaces")
      .selectAll()
      .where("owner", "=", owner)
      .where("persona", "=", persona)
      .where("environment", "=", environment)
      .where("name", "=", name)
      .where("state", "<>", RELEASED),
  );
}

function insertStep(store: Store, workspace: NewWorkspace): Step<WorkspacesTable> {
  const { id, owner, persona, version, environment, name, priority } = workspace;
  const query = store.sql.insertInto("workspaces").values({
    ...{ id, owner, persona, version, environment, name, priority },
    group_name: workspace.group,
    persona_name: workspace.personaName,
    requested_at: workspace.requestedAt,
    state: "queued",
    reason: workspace.reason ?? "waiting_for_room",
    message: workspace.message ?? null,
    revision: 1,
    desired: "ready",
    generation: 0,
    attempts: 0,
    queued_since: workspace.requestedAt,
    demand: toText(workspace.demand),
    phases: "[]",
    applications: "[]",
    parameters: toText(workspace.parameters),
    concrete: toText(workspace.concrete),
    home: homeTakenBy(store, id),
    drop_home: 0,
  });
  return must(query.returningAll(), () => new RepositoryError("exists", `workspace ${id} was not written`));
}

function firstEvent(store: Store, { id, requestedAt, message }: NewWorkspace): Step {
  const body = { state: "queued" as const, ...(message === undefined ? {} : { message }) };
  return stateEventStep(store, { workspace: id, revision: 1, at: requestedAt, body });
}

function keySteps(store: Store, { id, idempotency, requestedAt }: NewWorkspace): readonly Step[] {
  if (idempotency === undefined) return [];
  return [forgetOldAnswers(store), recordKey(store, { ...idempotency, workspace: id, at: requestedAt })];
}
