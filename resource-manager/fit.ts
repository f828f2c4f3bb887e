import { type Amounts, DIMENSIONS, type Dimension, NO_AMOUNTS } from "@guise/contract";
import type { Demand, Shortage } from "./model.ts";
import type { Queued } from "./order.ts";

/** A node as the account has it. */
export interface NodeState {
  readonly node: string;
  readonly capacity: Amounts;
  readonly ceiling: Amounts;
  /** Negative where the node holds more than it now has capacity for. */
  readonly free: Amounts;
  /** The free room of all dimensions as one number (see `roominess`). */
  readonly room: number;
  /** The waiting demand that the free room is held for; only higher priorities may take it. */
  readonly heldFor: Queued | null;
}

/** Per dimension, what one unit counts for: the inverse of the largest node's capacity, so that dimensions can be added up. */
export function weightsOf(nodes: readonly { readonly capacity: Amounts }[]): Amounts {
  const weights: Record<Dimension, number> = { ...NO_AMOUNTS };
  for (const dimension of DIMENSIONS) {
    const largest = Math.max(0, ...nodes.map(({ capacity }) => capacity[dimension]));
    weights[dimension] = largest === 0 ? 0 : 1 / largest;
  }
  return weights;
}

/** How much is free, as a sum of shares of the largest node. Reckoned from `free` alone, so that a rebuilt account agrees to the bit. */
export function roominess(free: Amounts, weights: Amounts): number {
  return (
    free.cpu * weights.cpu +
    free.ram * weights.ram +
    free.storage * weights.storage +
    free.ingress * weights.ingress +
    free.egress * weights.egress
  );
}

/** Nothing always fits, also where more is allocated than there is now: a resumed workspace asks for no storage beside its home's. */
export function fits(amounts: Amounts, room: Amounts): boolean {
  return (
    fitsInto(amounts.cpu, room.cpu) &&
    fitsInto(amounts.ram, room.ram) &&
    fitsInto(amounts.storage, room.storage) &&
    fitsInto(amounts.ingress, room.ingress) &&
    fitsInto(amounts.egress, room.egress)
  );
}

function fitsInto(amount: number, room: number): boolean {
  return amount <= 0 || amount <= room;
}

/** Room that is held is open to the demand that it is held for, and to higher priorities. */
export function mayUse(demand: Demand, state: NodeState): boolean {
  return state.heldFor === null || demand.priority > state.heldFor.priority || demand.id === state.heldFor.id;
}

/**
 * The node for a demand: of those with room that it may use, the one with the least free room; the first of equal ones.
 * Small gaps are filled first and the largest free block stays whole for a large demand to come. Taking the demand away
 * from each candidate subtracts the same from all, so the least room before is also the least room left over.
 */
export function bestFit(nodes: readonly NodeState[], candidates: Iterable<number>, demand: Demand): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const at of candidates) {
    const state = nodes[at];
    if (state === undefined || state.room >= least || !fits(demand.amounts, state.free) || !mayUse(demand, state)) continue;
    best = at;
    least = state.room;
  }
  return best;
}

/** How far the amounts are from fitting into the room, as a sum of shares of the largest node. */
export function lack(amounts: Amounts, room: Amounts, weights: Amounts): number {
  let sum = 0;
  for (const dimension of DIMENSIONS) {
    if (!fitsInto(amounts[dimension], room[dimension])) sum += (amounts[dimension] - room[dimension]) * weights[dimension];
  }
  return sum;
}

/** In which dimensions the amounts do not fit; what is over-allocated counts as nothing free. */
export function shortagesOf(amounts: Amounts, room: Amounts): readonly Shortage[] {
  return DIMENSIONS.filter((dimension) => !fitsInto(amounts[dimension], room[dimension])).map((dimension) => ({
    dimension,
    needs: amounts[dimension],
    has: Math.max(0, room[dimension]),
  }));
}

/** Per dimension, the largest that one node could ever grant. */
export function largestOf(nodes: readonly NodeState[]): Amounts {
  const largest: Record<Dimension, number> = { ...NO_AMOUNTS };
  for (const dimension of DIMENSIONS) largest[dimension] = Math.max(0, ...nodes.map(({ ceiling }) => ceiling[dimension]));
  return largest;
}
