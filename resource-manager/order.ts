import type { Demand } from "./model.ts";

/**
 * A demand in the queue. `turn` is how many workspaces its person holds, or waits for ahead of this one: of two people who ask alike, who has
 * less comes first, and a person's fifth stands beside others' fifths.
 */
export interface Queued extends Demand {
  readonly turn: number;
}

/** From here on turns count alike, and age decides: what one person gives back moves at most so many of his other demands. */
export const FURTHEST_TURN = 32;

/** Of the demand that so many of its person's own are ahead of, where the person holds `held`. */
export function turnOf(held: number, ownAhead: number): number {
  return Math.min(FURTHEST_TURN, held + ownAhead);
}

type Comparator<D> = (a: D, b: D) => number;

const byPriority: Comparator<Demand> = (a, b) => b.priority - a.priority;
const byTurn: Comparator<Queued> = (a, b) => a.turn - b.turn;
const byAge: Comparator<Demand> = (a, b) => a.since - b.since;
const byId: Comparator<Demand> = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * The order of the queue, most important rule first. The id comes last, so that no two demands are equal and every run decides alike.
 * The shares of groups stand between priority and turn; they are no comparator: a group's share moves all that its people wait for, so
 * each group has a line of its own then, and the next line is chosen by share.
 */
const ORDER: readonly Comparator<Queued>[] = [byPriority, byTurn, byAge, byId];

/** Among the demands of one person, whose turns follow from this. */
const OWN_ORDER: readonly Comparator<Demand>[] = [byPriority, byAge, byId];

/** Negative when `a` is ahead of `b` in the queue, positive when it is behind, 0 only for the same demand. */
export const compareQueued = inOrder(ORDER);
export const compareOwn = inOrder(OWN_ORDER);

function inOrder<D>(order: readonly Comparator<D>[]): Comparator<D> {
  return (a, b) => {
    for (const compare of order) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}
