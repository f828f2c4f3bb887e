import type { ServerResponse } from "node:http";
import { ERRORS, type ErrorCode, type Receipt, type WorkspaceView } from "@guise/contract";

const AMOUNTS = { cpu: 2000, ram: 4 * 2 ** 30, storage: 10 * 2 ** 30, ingress: 5e7, egress: 5e7 };

export function workspaceView(change: Partial<WorkspaceView>): WorkspaceView {
  return {
    workspace_id: "w-aaaaaaaaaaaaaaaaaaaa",
    persona_id: "data-analyst",
    persona_name: "Data Analyst",
    version: 1,
    environment: "production",
    name: "main",
    owner: "ada",
    parameters: {},
    state: "queued",
    desired: "ready",
    priority: "normal",
    revision: 1,
    generation: 1,
    demand: AMOUNTS,
    limits: AMOUNTS,
    requested_at: "2026-01-01T00:00:00Z",
    phases: [],
    keeps_home: false,
    applications: [],
    launch: [],
    launches: [],
    ...change,
  };
}

export function receipt(workspace_id: string): Receipt {
  return {
    workspace_id,
    persona_id: "data-analyst",
    released_at: "2026-01-01T01:00:00Z",
    held: 3_600_000,
    freed: AMOUNTS,
    deleted: ["home"],
    kept: [],
  };
}

export function problem(response: ServerResponse, code: ErrorCode, detail: string, extra: Readonly<Record<string, unknown>> = {}): void {
  const { status, remedy, fault, retry } = ERRORS[code];
  response.writeHead(status, { "content-type": "application/problem+json" });
  if (!response.destroyed)
    response.end(JSON.stringify({ type: "about:blank", title: code, status, code, detail, remedy, fault, retry, ...extra }));
}
