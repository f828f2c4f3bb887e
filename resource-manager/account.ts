import { type Amounts, DIMENSIONS, type Dimension, subtractAmounts } from "@guise/contract";
import type { Snapshot } from "./snapshot.ts";

export interface NodeAccount {
  readonly node: string;
  readonly capacity: Amounts;
  /** More than `capacity` where a node shrank under its allocations. */
  readonly allocated: Amounts;
  /** At least 0. */
  readonly free: Amounts;
  /** The waiting workspace that the free room is held for. */
  readonly heldFor: string | null;
}

/** Each node, by id, with what is promised and what is left. */
export function accountOf(snapshot: Snapshot): readonly NodeAccount[] {
  return snapshot.nodes.map(({ node, capacity, free, heldFor }) => ({
    node,
    capacity,
    allocated: subtractAmounts(capacity, free),
    free: atLeastNothing(free),
    heldFor: heldFor?.id ?? null,
  }));
}

function atLeastNothing(amounts: Amounts): Amounts {
  const result: Record<Dimension, number> = { ...amounts };
  for (const dimension of DIMENSIONS) result[dimension] = Math.max(0, amounts[dimension]);
  return result;
}
