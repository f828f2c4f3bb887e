import type { Selectable } from "kysely";
import { fromText } from "./json-text.ts";
import type { WorkspaceRow } from "./repository.ts";
import type { WorkspacesTable } from "./tables.ts";

export function workspaceOf(row: Selectable<WorkspacesTable>): WorkspaceRow {
  return {
    ...requestOf(row),
    state: row.state,
    desired: row.desired,
    desiredReason: row.desired_reason ?? undefined,
    desiredBy: row.desired_by ?? undefined,
    desiredNote: row.desired_note ?? undefined,
    dropHome: row.drop_home === 1,
    wantedDemand: row.wanted_demand === null ? undefined : fromText(row.wanted_demand),
    reason: row.reason ?? undefined,
    message: row.message ?? undefined,
    revision: row.revision,
    generation: row.generation,
    engineName: row.engine_name ?? undefined,
    handle: row.handle === null ? undefined : fromText(row.handle),
    node: row.node ?? undefined,
    attempts: row.attempts,
    queuedSince: row.queued_since,
    admittedAt: row.admitted_at ?? undefined,
    readyAt: row.ready_at ?? undefined,
    releasedAt: row.released_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    phases: fromText(row.phases),
    applications: fromText(row.applications),
    receipt: row.receipt === null ? undefined : fromText(row.receipt),
    imageRevision: row.image_revision ?? undefined,
    image: row.image ?? undefined,
    leftFiles: row.left_files === null ? [] : fromText(row.left_files),
  };
}

function requestOf(row: Selectable<WorkspacesTable>) {
  return {
    id: row.id,
    owner: row.owner,
    group: row.group_name,
    persona: row.persona,
    personaName: row.persona_name,
    version: row.version,
    environment: row.environment,
    name: row.name,
    parameters: fromText<WorkspaceRow["parameters"]>(row.parameters),
    priority: row.priority,
    demand: fromText<WorkspaceRow["demand"]>(row.demand),
    concrete: fromText<WorkspaceRow["concrete"]>(row.concrete),
    requestedAt: row.requested_at,
    home: row.home,
  };
}
