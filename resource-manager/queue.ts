import { LINE } from "./line.ts";
import { each, sizeOf } from "./ordered-tree.ts";
import { type Snapshot, WAITING } from "./snapshot.ts";
import { explainerOf, type Waits } from "./waits.ts";

/** The place in the queue, from 1; undefined when it does not wait. */
export function placeOf(snapshot: Snapshot, id: string): number | undefined {
  const demand = WAITING.find(snapshot.waiting, { id });
  return demand === undefined ? undefined : LINE.countBefore(snapshot.line, { demand }) + 1;
}

/** Why one workspace waits, and where in the queue; undefined when it does not wait. */
export function waitOf(snapshot: Snapshot, id: string): Waits | undefined {
  const demand = WAITING.find(snapshot.waiting, { id });
  return demand === undefined ? undefined : explainerOf(snapshot)(demand);
}

/** What waits, the first `most` of it, in order, with place, reason and what is short. */
export function queueOf(snapshot: Snapshot, most = Number.POSITIVE_INFINITY): readonly Waits[] {
  const explain = explainerOf(snapshot);
  const queue: Waits[] = [];
  each(snapshot.line, ({ demand }) => {
    if (queue.length < most) queue.push(explain(demand, queue.length + 1));
    return queue.length < most;
  });
  return queue;
}

/** How many wait. */
export function lengthOf(snapshot: Snapshot): number {
  return sizeOf(snapshot.line);
}
