import { CLOSED_WAYS, Refusal, type TransferWay, type TransferWays, transferWays } from "@guise/contract";
import { decodeConcrete } from "#persona";
import type { WorkspaceRow } from "#repository";

/** What the persona of a workspace leaves open, as of its start. */
export function waysOf({ concrete }: Pick<WorkspaceRow, "concrete">): TransferWays {
  return transferWays(decodeConcrete(concrete).transfer);
}

/** Refuses what its persona keeps closed, whoever asks. */
export function requireOpen(workspace: Pick<WorkspaceRow, "concrete" | "personaName">, way: TransferWay): void {
  if (!waysOf(workspace)[way]) throw new Refusal("closed_by_persona", `${workspace.personaName} ${CLOSED_WAYS[way]}.`);
}
