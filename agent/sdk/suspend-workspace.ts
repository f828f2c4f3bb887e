import type { WorkspaceView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { followWorkspace, type Progress } from "./follow-workspace.ts";
import { presentView } from "./present-view.ts";
import { untilReady } from "./request-persona.ts";
import type { Transport } from "./transport.ts";

export interface SuspendOptions {
  /** Why somebody else's workspace is suspended: its person reads it. Needed there. */
  readonly reason?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops waiting; what was asked for goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Suspends; resolves when nothing of it runs. Throws AgentError `conflict` for what cannot be suspended, or was given back or resumed meanwhile. */
export async function suspendWorkspace(transport: Transport, id: string, options: SuspendOptions = {}): Promise<WorkspaceView> {
  const asked = await wish(transport, id, "suspend", options);
  if (asked.state === "suspended") return asked;
  for await (const progress of followWorkspace(transport, id, { since: asked.revision, signal: options.signal })) {
    options.onProgress?.(progress);
    const present = await presentView(transport, progress, (state) => state !== "suspending", options.signal);
    if (present?.state === "suspended") return present;
    if (present !== undefined && present.desired !== "suspended")
      throw new AgentError("conflict", `The workspace is wanted ${present.desired} by now.`, { facts: { workspace_id: id } });
    if (present?.state === "failed")
      throw new AgentError("workspace_failed", present.message ?? "The workspace failed.", { facts: { workspace_id: id } });
  }
  throw new AgentError("internal", "The event stream ended by itself.");
}

/** Resumes; resolves when it is ready again. Throws what a request throws. */
export async function resumeWorkspace(transport: Transport, id: string, options: SuspendOptions = {}): Promise<WorkspaceView> {
  const asked = await wish(transport, id, "resume", options);
  options.onProgress?.({ kind: "workspace", workspace: asked });
  return asked.state === "ready" ? asked : untilReady(transport, asked, false, options);
}

function wish(transport: Transport, id: string, act: "suspend" | "resume", { signal, reason }: SuspendOptions): Promise<WorkspaceView> {
  const body = act === "suspend" && reason !== undefined ? { reason } : {};
  const path = `/workspaces/${encodeURIComponent(id)}/${act}`;
  return transport.json<WorkspaceView>("POST", path, { body, repeatable: true, signal });
}
