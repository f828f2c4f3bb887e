import { Refusal } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import type { WorkspaceRow } from "#repository";
import { type Call, callerOf } from "./call.ts";

/** What the owner is told of who else ends or suspends his workspace, and why. Nothing where he does so himself; without a reason it is not done. */
export function statedReason(call: Call, row: WorkspaceRow, reason: string | undefined): { readonly note?: string } {
  const { id } = callerOf(call);
  if (id === row.owner) return {};
  if (reason !== undefined) return { note: `${nameOfPrincipal(id, call.services.issuer?.issuer ?? "")}, an operator: ${reason}` };
  const message = "say why: the person whose workspace it is reads it";
  throw new Refusal("invalid", "It is somebody else's workspace: a reason is needed.", {
    problems: [{ path: "$.reason", code: "missing", message }],
  });
}
