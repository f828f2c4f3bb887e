import type { Resource } from "#access";
import { decodeConcrete } from "#persona";
import type { WorkspaceRow } from "#repository";

/** What a right to it hangs on. Whoever may ask for the persona no more uses nothing of it any more: not by what was open, nor by a resume. */
export function workspaceResource({ owner, group, concrete }: WorkspaceRow): Extract<Resource, { kind: "workspace" }> {
  // It is charged to one of the person's groups that may ask; of a draft, to the group that owns it.
  return { kind: "workspace", owner, groups: [...new Set([group, ...(decodeConcrete(concrete).groups ?? [])])] };
}
