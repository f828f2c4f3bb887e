import { Refusal } from "@guise/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { decide, type PermissionId, type Principal, type Resource } from "#access";
import type { VersionRow, WorkspaceRow } from "#repository";
import type { Services } from "./services.ts";

/** One request on its way through the steps. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  principal: Principal | undefined;
  params: P;
  query: Q;
  body: B;
  /** Loaded by the authorize step where the route's target says so. */
  workspace: WorkspaceRow | undefined;
  /** Of the persona, as far as the caller may know of them. */
  versions: readonly VersionRow[];
  /** Set while an act runs under an Idempotency-Key. */
  idempotency: IdempotencyScope | undefined;
  /** Made by an upgrade route before the upgrade. */
  onSocket: ((socket: WebSocket) => void) | undefined;
}

export interface IdempotencyScope {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** Who calls; only open routes have nobody. */
export function callerOf(call: Call): Principal {
  if (call.principal === undefined) throw new Refusal("not_authenticated", "No access token came with the request.");
  return call.principal;
}

export function workspaceOf(call: Call): WorkspaceRow {
  if (call.workspace === undefined) throw absent();
  return call.workspace;
}

/** A workspace that applications can be used in. */
export function readyWorkspaceOf(call: Call): WorkspaceRow {
  const workspace = workspaceOf(call);
  if (workspace.state === "ready") return workspace;
  throw new Refusal("workspace_not_ready", `The workspace is ${workspace.state}${workspace.message ? `: ${workspace.message}` : ""}.`, {
    facts: { state: workspace.state },
  });
}

/** Same words whether a thing is foreign, unseen, or was never there. */
export function absent(): Refusal {
  return new Refusal("not_found", "There is no such thing, or it is not yours.");
}

/** Refuses unless the permission table allows it; a refusal of weight is audited. */
export async function permit(call: Call, id: PermissionId, resource: Resource, target: string): Promise<void> {
  const decision = decide(id, call.principal, resource);
  if (decision.allowed) return;
  await auditRefusal(call, id, target, decision.code);
  throw decision.code === "not_found" ? absent() : new Refusal(decision.code, decision.why);
}

/** Looking is not audited; trying to change or enter something is. */
export async function auditRefusal(call: Call, action: string, target: string, code: string): Promise<void> {
  const looks = call.request.method === "GET" && call.request.headers.upgrade === undefined;
  if (call.principal === undefined || looks) return;
  const { repository, clock } = call.services;
  await repository.audit({
    at: clock.now(),
    actor: call.principal.id,
    action,
    target: target.slice(0, 200),
    outcome: "refused",
    facts: { code },
  });
}

/** The audit entry of an act that is done. */
export function doneBy(call: Call, action: string, target: string, facts?: Readonly<Record<string, unknown>>) {
  const entry = { at: call.services.clock.now(), actor: callerOf(call).id, action, target, outcome: "done" as const };
  return facts === undefined ? entry : { ...entry, facts };
}
