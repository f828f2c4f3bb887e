import type { Demand } from "./model.ts";

type Comparator = (a: Demand, b: Demand) => number;

const byPriority: Comparator = (a, b) => b.priority - a.priority;
const byAge: Comparator = (a, b) => a.since - b.since;
const byId: Comparator = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The order of the queue, most important rule first. The id comes last, so that no two demands are equal and every run decides alike. */
const ORDER: readonly Comparator[] = [byPriority, byAge, byId];

/** Negative when `a` is ahead of `b` in the queue, positive when it is behind, 0 only for the same demand. */
export function compareDemands(a: Demand, b: Demand): number {
  for (const compare of ORDER) {
    const result = compare(a, b);
    if (result !== 0) return result;
  }
  return 0;
}
