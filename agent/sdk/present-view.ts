import type { WorkspaceView } from "@guise/contract";
import { type Progress, workspaceAfter } from "./follow-workspace.ts";
import type { Transport } from "./transport.ts";

/**
 * The workspace after a progress that is of interest: as it came along, or read where a state was told alone (a replayed event).
 * Nothing after other kinds, and after states that are not wanted.
 */
export async function presentView(
  transport: Transport,
  progress: Progress,
  wanted: (state: WorkspaceView["state"]) => boolean,
  signal: AbortSignal | undefined,
): Promise<WorkspaceView | undefined> {
  if (progress.kind === "workspace") return progress.workspace;
  if (progress.kind !== "state" || progress.state === undefined || !wanted(progress.state)) return undefined;
  return workspaceAfter(transport, progress, signal);
}
