import { decide } from "./decide.ts";
import type { Change } from "./model.ts";
import { each } from "./ordered-tree.ts";
import type { Snapshot } from "./snapshot.ts";

/** How long allocations last in one possible future, ms; `Infinity` for what is not given back. */
export interface Lives {
  /** From now, of one that is held now. */
  remaining(id: string): number;
  /** From its admission, of one that waits now. */
  held(id: string): number;
}

interface End {
  readonly at: number;
  readonly id: string;
}

/** Ends that are played at most: who waits behind more than these gets no answer. */
const MOST_ENDS = 2_000;

/**
 * Plays one possible future out, with the Resource Manager's own decisions and nobody new arriving: in how many ms from now each of
 * those that wait is admitted. Who is not in the answer is not admitted in that future. Pauses after each end, for whoever has more to
 * do than to look ahead.
 */
export function* playOut(snapshot: Snapshot, lives: Lives, mostEnds = MOST_ENDS): Generator<void, ReadonlyMap<string, number>> {
  const admitted = new Map<string, number>();
  const ends: End[] = [];
  each(snapshot.allocations, (allocation) => {
    const at = lives.remaining(allocation.id);
    if (Number.isFinite(at)) ends.push({ at, id: allocation.id });
  });
  // The last is the next to end: taken off cheaply, and what is admitted finds its place by halves.
  ends.sort((a, b) => b.at - a.at);
  let present = snapshot;
  for (let count = 0; count < mostEnds && present.line !== null; count++) {
    const end = ends.pop();
    if (end === undefined) break;
    const change: Change = { kind: "released", id: end.id };
    const { decisions, snapshot: next } = decide(present, [change]);
    present = next;
    for (const decision of decisions) {
      if (decision.kind !== "admitted") continue;
      admitted.set(decision.id, end.at);
      const at = end.at + lives.held(decision.id);
      if (Number.isFinite(at)) insert(ends, { at, id: decision.id });
    }
    yield;
  }
  return admitted;
}

function insert(ends: End[], end: End): void {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.at ?? 0) > end.at) low = middle + 1;
    else high = middle;
  }
  ends.splice(low, 0, end);
}
