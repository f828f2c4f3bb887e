import type { WorkspaceRow } from "#repository";

/** Behind what happened, who wanted it and why, where that is somebody else than its person. */
export function withNote(message: string, { reason, desiredNote }: Pick<WorkspaceRow, "reason" | "desiredNote">): string {
  const isTheirs = reason === "stopped_by_operator" || reason === "suspended_by_operator";
  return isTheirs && desiredNote !== undefined ? `${message} (${desiredNote})` : message;
}
