import type { ResizeRequest, WorkspaceView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { followWorkspace } from "./follow-workspace.ts";
import { presentView } from "./present-view.ts";
import type { SuspendOptions } from "./suspend-workspace.ts";
import type { Transport } from "./transport.ts";

/** Resizes; resolves when it has the amounts. Throws AgentError `insufficient_resources`, `invalid` beyond the persona's limits, `conflict` for what is not ready or could not be changed. */
export async function resizeWorkspace(
  transport: Transport,
  id: string,
  amounts: ResizeRequest,
  options: SuspendOptions = {},
): Promise<WorkspaceView> {
  const { signal, onProgress } = options;
  const path = `/workspaces/${encodeURIComponent(id)}/resize`;
  const asked = await transport.json<WorkspaceView>("POST", path, { body: amounts, repeatable: true, signal });
  const wanted = asked.wanted ?? asked.demand;
  if (asked.wanted === undefined) return asked;
  for await (const progress of followWorkspace(transport, id, { since: asked.revision, signal })) {
    onProgress?.(progress);
    const present = await presentView(transport, progress, () => true, signal);
    if (present === undefined) continue;
    if (JSON.stringify(present.demand) === JSON.stringify(wanted)) return present;
    if (present.state === "ready" && present.wanted !== undefined) continue;
    const why = present.state === "ready" ? (present.message ?? "It was not resized.") : `It is ${present.state} by now.`;
    throw new AgentError("conflict", why, { facts: { workspace_id: id, demand: present.demand } });
  }
  throw new AgentError("internal", "The event stream ended by itself.");
}
