import { type Draft, lookAtLot } from "./draft.ts";
import { heldNodeOf, reseat } from "./hold.ts";
import { isOverdue, rejoin } from "./line.ts";
import { park, unpark } from "./lots.ts";
import type { Queued } from "./order.ts";
import { otherTurns, waitsFor } from "./people.ts";
import { WAITING } from "./snapshot.ts";

/** After a change in what the person holds or waits for: his demands take the places in the queue that their turns give them. */
export function settleTurns(draft: Draft, person: string | null): void {
  if (person === null) return;
  const overdue: Queued[] = [];
  for (const { before, after } of otherTurns(draft.people, person)) {
    takePlace(draft, before, after);
    if (isOverdue(draft.line, after)) overdue.push(after);
    // Who was hidden behind it in its lot, or it itself, may be the first of the lot now.
    lookAtLot(draft, after);
  }
  if (overdue.length > 0) reseat(draft, overdue);
}

/** How often it was passed stays with it, and so does the node that is held for it. */
function takePlace(draft: Draft, before: Queued, after: Queued): void {
  const held = heldNodeOf(draft, before);
  draft.people = waitsFor(draft.people, after);
  draft.waiting = WAITING.put(draft.waiting, after);
  draft.line = rejoin(draft.line, before, after);
  draft.lots = park(unpark(draft.lots, before), after);
  const owed = unpark(draft.owed, before);
  if (owed !== draft.owed) draft.owed = park(owed, after);
  if (draft.fresh.has(after.id)) draft.fresh.set(after.id, after);
  const at = held === null ? undefined : draft.places.get(held);
  const state = at === undefined ? undefined : draft.nodes[at];
  if (at !== undefined && state?.heldFor?.id === after.id) draft.nodes[at] = { ...state, heldFor: after };
}
