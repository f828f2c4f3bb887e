import type { Amounts } from "@guise/contract";
import { fits, lack, largestOf, type NodeState, shortagesOf } from "./fit.ts";
import type { Demand, Shortage } from "./model.ts";
import { type Snapshot, scopeOf } from "./snapshot.ts";

/** Why no node could ever grant a demand. */
export interface Impossible {
  /** Measured against the node whose ceiling lacks least. */
  readonly short: readonly Shortage[];
  readonly largest: Amounts;
}

/**
 * Undefined when some node could grant the demand once it is empty and nobody else takes of it. Also while no node is known at all: then nothing
 * is known about what could be granted.
 */
export function neverFits(account: Pick<Snapshot, "nodes" | "places" | "weights">, demand: Demand): Impossible | undefined {
  if (account.nodes.length === 0) return undefined;
  const scope: NodeState[] = [];
  for (const at of scopeOf(account, demand.pinned)) {
    const state = account.nodes[at];
    if (state === undefined) continue;
    if (fits(demand.amounts, state.ceiling)) return undefined;
    scope.push(state);
  }
  return { short: shortageOfNearest(account, demand, scope), largest: largestOf(scope) };
}

function shortageOfNearest(account: Pick<Snapshot, "weights">, demand: Demand, scope: readonly NodeState[]): readonly Shortage[] {
  let nearest: NodeState | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const state of scope) {
    const lacking = lack(demand.amounts, state.ceiling, account.weights);
    if (lacking >= least) continue;
    nearest = state;
    least = lacking;
  }
  return nearest === undefined ? [] : shortagesOf(demand.amounts, nearest.ceiling);
}
