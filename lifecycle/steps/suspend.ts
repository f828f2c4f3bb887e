import { formatDuration, kindFacts, type Reason } from "@guise/contract";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import { concreteOf } from "../translate.ts";
import { destroySandbox } from "./end.ts";
import { withNote } from "./stated-note.ts";

/** ready → suspending, for the reason that is given: from now on its programs are asked to end. */
export function beginSuspending({ repository, clock }: LoopContext, row: WorkspaceRow, reason: Reason): Promise<WorkspaceRow> {
  return repository.move({
    id: row.id,
    revision: row.revision,
    to: "suspending",
    reason,
    message:
      reason === "idle"
        ? `${idleFor(row)}: its programs are asked to end, the home is kept`
        : withNote(MESSAGES[reason] ?? "", { ...row, reason }),
    at: clock.now(),
  });
}

const MESSAGES: Partial<Record<Reason, string>> = {
  suspended_by_person: "its programs are asked to end; the home is kept, memory and unsaved documents are not",
  suspended_by_operator: "an operator suspends it: its programs are asked to end, the home is kept",
  guise_stopped: "Guise stops: its programs are asked to end, the home is kept; it goes on with the next start",
};

/** suspending → suspended: nothing of it runs; only its home, and the storage of that, is left. */
export async function settleSuspending(context: LoopContext, row: WorkspaceRow): Promise<WorkspaceRow> {
  const { repository, clock } = context;
  await noteOpen(context, row);
  await destroySandbox(context, row, { keepHome: true });
  return repository.move({
    id: row.id,
    revision: row.revision,
    to: "suspended",
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    message: settledMessage(row),
    at: clock.now(),
    attempts: 0,
    free: true,
    home: "keep",
  });
}

function settledMessage(row: WorkspaceRow): string {
  if (row.reason === "guise_stopped") return "Guise was stopped; it goes on with the next start";
  return row.reason === "idle" ? `${idleFor(row)}: suspended with its home` : withNote("suspended with its home", row);
}

function idleFor(row: WorkspaceRow): string {
  const { idleAfter } = concreteOf(row);
  return `nobody used it for ${idleAfter === undefined ? "" : `${formatDuration(idleAfter)}, `}as long as its persona allows`;
}

/** Before its programs are asked to end: what ends by that was open. */
async function noteOpen({ repository }: LoopContext, row: WorkspaceRow): Promise<void> {
  for (const launch of await repository.launches(row.id))
    if (launch.state === "running" && launch.generation === row.generation && kindFacts(launch.kind).runsAs !== undefined)
      await repository.updateLaunch(launch.id, { state: "suspended" });
}
