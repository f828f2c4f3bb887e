import { fits, lack, type NodeState, shortagesOf } from "./fit.ts";
import { LINE, type Waiting } from "./line.ts";
import { type Lot, lotOf } from "./lots.ts";
import type { Decision, Demand } from "./model.ts";
import type { Queued } from "./order.ts";
import { type Snapshot, scopeOf } from "./snapshot.ts";

export type Waits = Extract<Decision, { kind: "waits" }>;
type Obstacle = Pick<Waits, "reason" | "short" | "node">;
type Account = Pick<Snapshot, "nodes" | "places" | "weights" | "line" | "lots">;

/** Says why a demand waits, and where in the queue; demands that ask for the same are looked up once per call of this function. */
export function explainerOf(account: Account): (demand: Queued, place?: number) => Waits {
  const known = new Map<Lot, Obstacle>();
  const obstacleOf = (demand: Demand): Obstacle => {
    const lot = lotOf(account.lots, demand);
    const obstacle = (lot === undefined ? undefined : known.get(lot)) ?? obstacleAnywhere(account, demand);
    if (lot !== undefined) known.set(lot, obstacle);
    return obstacle;
  };
  return (demand, place = LINE.countBefore(account.line, { demand }) + 1) => {
    const held = heldNode(account, LINE.find(account.line, { demand }));
    const obstacle = held === undefined ? obstacleOf(demand) : lacksRoom(demand, held);
    return { kind: "waits", id: demand.id, place, turn: demand.turn, ...obstacle };
  };
}

/** The node whose room is held for the demand: what is short there is what it waits for. */
function heldNode(account: Account, entry: Waiting | undefined): NodeState | undefined {
  const place = entry === undefined || entry.held === null ? undefined : account.places.get(entry.held);
  return place === undefined ? undefined : account.nodes[place];
}

/** Measured against the node that lacks least; one that could never grant it counts only where no other is. */
function obstacleAnywhere(account: Account, demand: Demand): Obstacle {
  let nearest: NodeState | undefined;
  let least = Number.POSITIVE_INFINITY;
  let possible = false;
  for (const at of scopeOf(account, demand.pinned)) {
    const state = account.nodes[at];
    if (state === undefined) continue;
    const able = fits(demand.amounts, state.capacity);
    const lacking = lack(demand.amounts, state.free, account.weights);
    if ((possible && !able) || (possible === able && lacking >= least)) continue;
    nearest = state;
    least = lacking;
    possible = able;
  }
  if (nearest === undefined) return { reason: "waiting_for_room", short: [], node: null };
  return lacksRoom(demand, nearest);
}

/** Where it would fit and still waits, the room is held for others. */
function lacksRoom(demand: Demand, { node, free }: NodeState): Obstacle {
  const short = shortagesOf(demand.amounts, free);
  return { reason: fits(demand.amounts, free) ? "waiting_in_line" : "waiting_for_room", short, node };
}
