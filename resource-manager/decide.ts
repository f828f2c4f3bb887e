import { takeIn } from "./change.ts";
import { allocate, type Draft, dequeue, draftOf, lookAtLot, reachOf } from "./draft.ts";
import { bestFit } from "./fit.ts";
import { endHold, heldNodeOf, settleOverdue } from "./hold.ts";
import type { Change, Decision } from "./model.ts";
import { neverFits } from "./never-fits.ts";
import { compareQueued, type Queued } from "./order.ts";
import { each } from "./ordered-tree.ts";
import { type Snapshot, type Told, WAITING } from "./snapshot.ts";
import { settleTurns } from "./turns.ts";
import { explainerOf, type Waits } from "./waits.ts";

type Admission = Extract<Decision, { readonly kind: "admitted" }>;

/** How many of the first in the queue are told whenever their place or reason changes; further back, ask `waitOf`. */
export const FRONT = 20;

/**
 * Takes the changes in, in their order, and then admits in queue order whatever has room that is not held for others.
 * Pure: the same snapshot and changes give the same decisions, and the snapshot given stays as it was.
 *
 * Decisions are in the order: refusals and answers to resizing, admissions as they were made, and then who waits and why, in queue order.
 */
export function decide(
  snapshot: Snapshot,
  changes: readonly Change[],
): { readonly decisions: readonly Decision[]; readonly snapshot: Snapshot } {
  const { draft, answered } = takeAllIn(snapshot, changes);
  const admitted = [...admissions(draft)];
  const { waits, front } = tell(draft, snapshot.front);
  return { decisions: [...answered, ...admitted, ...waits], snapshot: snapshotFrom(draft, front) };
}

/** What is known when admitting begins, and what was answered on the way there. */
export function takeAllIn(
  snapshot: Snapshot,
  changes: readonly Change[],
): { readonly draft: Draft; readonly answered: readonly Decision[] } {
  const draft = draftOf(snapshot);
  const answered = refuseImpossible(draft, snapshot.fresh);
  for (const change of changes) {
    const answer = takeIn(draft, change);
    if (answer !== undefined) answered.push(answer);
  }
  return { draft, answered };
}

/** A queue that was read from what is stored may hold demands that no decision has looked at. */
function refuseImpossible(draft: Draft, fresh: readonly Queued[]): Decision[] {
  return fresh.flatMap((demand) => {
    const impossible = neverFits(draft, demand);
    if (impossible === undefined) return [];
    const queued = WAITING.find(draft.waiting, demand) ?? demand;
    dequeue(draft, queued, false);
    lookAtLot(draft, queued);
    settleTurns(draft, queued.person);
    return [{ kind: "refused", id: demand.id, ...impossible }];
  });
}

/**
 * Always the first in queue order that has room. Ends when nobody has: every admission takes room, and holds only move forward.
 * Each is yielded just before it is carried out, so that a reader sees the draft, and whose room is held where, at its moment.
 */
export function* admissions(draft: Draft): Generator<Admission> {
  for (let demand = draft.candidates.pop(); demand !== undefined; demand = draft.candidates.pop()) {
    // Admitted or withdrawn meanwhile; or with another turn, under which it is among the candidates as well.
    if (WAITING.find(draft.waiting, demand) !== demand) continue;
    const at = bestFit(draft.nodes, reachOf(draft, demand), demand);
    const node = at === undefined ? undefined : draft.nodes[at]?.node;
    if (at === undefined || node === undefined) continue;
    if (settleOverdue(draft, demand)) {
      draft.candidates.push(demand);
      continue;
    }
    yield { kind: "admitted", id: demand.id, node, amounts: demand.amounts };
    const held = heldNodeOf(draft, demand);
    allocate(draft, demand, at);
    dequeue(draft, demand, true);
    endHold(draft, demand, held);
    lookAtLot(draft, demand);
    settleTurns(draft, demand.person);
  }
}

/** Tells those that begin to wait, and of the first places those whose place or reason changed. */
function tell(draft: Draft, before: readonly Told[]): { readonly waits: readonly Waits[]; readonly front: readonly Told[] } {
  const explain = explainerOf(draft);
  const waits: Waits[] = [];
  const front: Told[] = [];
  each(draft.line, ({ demand }) => {
    const wait = explain(demand, front.length + 1);
    const told = before[front.length];
    const changed = told?.id !== wait.id || told.reason !== wait.reason;
    front.push({ id: wait.id, reason: wait.reason });
    if (draft.fresh.delete(demand.id) || changed) waits.push(wait);
    return front.length < FRONT;
  });
  const rest = [...draft.fresh.values()].sort(compareQueued);
  for (const demand of rest) waits.push(explain(demand));
  return { waits, front };
}

function snapshotFrom(draft: Draft, front: readonly Told[]): Snapshot {
  const { settings, nodes, places, weights, allocations, waiting, line, lots, people, owed } = draft;
  return { settings, nodes, places, weights, allocations, waiting, line, lots, people, owed, fresh: [], front };
}
