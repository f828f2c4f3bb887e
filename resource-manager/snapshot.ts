import { type Amounts, addAmounts, NO_AMOUNTS, subtractAmounts } from "@guise/contract";
import { type NodeState, roominess, weightsOf } from "./fit.ts";
import { join, type Line } from "./line.ts";
import { type Lots, park } from "./lots.ts";
import type { Allocation, Demand, Node, Settings, WaitReason } from "./model.ts";
import { compareOwn, compareQueued, type Queued } from "./order.ts";
import { each, orderedTree, type Tree } from "./ordered-tree.ts";
import { holds, type People, queuedOf, waitsFor } from "./people.ts";

/**
 * All that the Resource Manager knows. Immutable: a decision answers with a new one that shares what did not change,
 * so one may be kept and asked at any time. Its fields are for this folder alone.
 */
export interface Snapshot {
  readonly settings: Settings;
  /** By node id. */
  readonly nodes: readonly NodeState[];
  /** Where a node is in `nodes`. */
  readonly places: ReadonlyMap<string, number>;
  readonly weights: Amounts;
  readonly allocations: Allocations;
  readonly waiting: WaitingById;
  /** The same demands in queue order… */
  readonly line: Line;
  /** …and by what they ask for. */
  readonly lots: Lots;
  /** …and by who asks, with what each person holds. */
  readonly people: People;
  /** Those of them that were passed as often as is allowed and that no room is held for. */
  readonly owed: Lots;
  /** Demands that no decision has spoken of yet. */
  readonly fresh: readonly Queued[];
  /** What was last told of the first places. */
  readonly front: readonly Told[];
}

export interface Told {
  readonly id: string;
  readonly reason: WaitReason;
}

interface Identified {
  readonly id: string;
}
type Allocations = Tree<Allocation>;
type WaitingById = Tree<Queued>;

const compareIds = (a: Identified, b: Identified): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const none = (): null => null;
export const ALLOCATIONS = orderedTree<Identified, Allocation, null>(compareIds, none);
export const WAITING = orderedTree<Identified, Queued, null>(compareIds, none);

/** A snapshot without nodes. Until nodes are known nothing is refused: what arrives waits. */
export function emptySnapshot(settings: Settings): Snapshot {
  return snapshotOf({ nodes: [], allocations: [], queue: [], settings });
}

/**
 * A snapshot from what is stored, for a control plane that takes over. The next decision speaks of each demand in the
 * queue. How often a demand was passed is not stored, so counting begins anew; an id that is allocated does not wait too.
 */
export function snapshotOf(state: {
  readonly nodes: readonly Node[];
  readonly allocations: readonly Allocation[];
  readonly queue: readonly Demand[];
  readonly settings: Settings;
}): Snapshot {
  let allocations: Allocations = null;
  let people: People = null;
  for (const allocation of state.allocations) {
    if (ALLOCATIONS.find(allocations, allocation) === undefined) people = holds(people, allocation.person, 1);
    allocations = ALLOCATIONS.put(allocations, allocation);
  }
  let queue: QueueTrees = { waiting: null, line: null, lots: null, people };
  const fresh = new Map<string, Queued>();
  // In each person's own order, so that a turn is right from the beginning.
  for (const demand of [...state.queue].sort(compareOwn)) {
    if (fresh.has(demand.id) || ALLOCATIONS.find(allocations, demand) !== undefined) continue;
    const queued = queuedOf(queue.people, demand);
    fresh.set(demand.id, queued);
    queue = withWaiting(queue, queued);
  }
  return {
    settings: state.settings,
    ...accountFor(state.nodes, allocations),
    allocations,
    ...queue,
    owed: null,
    fresh: [...fresh.values()].sort(compareQueued),
    front: [],
  };
}

type QueueTrees = Pick<Snapshot, "waiting" | "line" | "lots" | "people">;

export function withWaiting({ waiting, line, lots, people }: QueueTrees, queued: Queued): QueueTrees {
  return {
    waiting: WAITING.put(waiting, queued),
    line: join(line, queued),
    lots: park(lots, queued),
    people: waitsFor(people, queued),
  };
}

/** The nodes with what is allocated on them taken off; no room is held yet. Allocations on nodes that are gone wait for their release. */
export function accountFor(nodes: readonly Node[], allocations: Allocations): Pick<Snapshot, "nodes" | "places" | "weights"> {
  const taken = new Map<string, Amounts>();
  each(allocations, ({ node, amounts }) => taken.set(node, addAmounts(taken.get(node) ?? NO_AMOUNTS, amounts)));
  const unique = [...new Map(nodes.map((node) => [node.node, node])).values()];
  const sorted = unique.sort((a, b) => (a.node < b.node ? -1 : 1));
  const weights = weightsOf(sorted);
  const states = sorted.map(({ node, capacity, ceiling = capacity }): NodeState => {
    const free = subtractAmounts(capacity, taken.get(node) ?? NO_AMOUNTS);
    return { node, capacity, ceiling, free, room: roominess(free, weights), heldFor: null };
  });
  return { nodes: states, places: new Map(states.map(({ node }, at) => [node, at])), weights };
}

/** Where in `nodes` a demand may ever be: anywhere, or on the node that it is pinned to. */
export function scopeOf({ nodes, places }: Pick<Snapshot, "nodes" | "places">, pinned: string | null): Iterable<number> {
  if (pinned === null) return nodes.keys();
  const place = places.get(pinned);
  return place === undefined ? [] : [place];
}
