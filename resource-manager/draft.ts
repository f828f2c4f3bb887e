import { type Amounts, addAmounts, subtractAmounts } from "@guise/contract";
import { Candidates } from "./candidates.ts";
import { fits, mayUse, type NodeState, roominess } from "./fit.ts";
import { leave } from "./line.ts";
import { eachLotFor, headOf, lotOf, unpark } from "./lots.ts";
import type { Allocation, Demand } from "./model.ts";
import type { Queued } from "./order.ts";
import { each } from "./ordered-tree.ts";
import { holds, queuedOf, waitsNoMoreFor } from "./people.ts";
import { ALLOCATIONS, type Snapshot, scopeOf, WAITING, withWaiting } from "./snapshot.ts";

/** A snapshot in the making: what one decision changes, and whom it has to look at. Never leaves `decide`. */
export interface Draft extends Omit<{ -readonly [Field in keyof Snapshot]: Snapshot[Field] }, "nodes" | "fresh"> {
  nodes: NodeState[];
  /** Demands that this decision must speak of, by id. */
  readonly fresh: Map<string, Queued>;
  /** Whoever may have room now. A demand that is not in it, nor behind one of its lot that is, has none. */
  readonly candidates: Candidates;
  /** Where in `nodes` room has appeared in this decision. A demand that waited before has room nowhere else. */
  opened: Set<number>;
}

export function draftOf(snapshot: Snapshot): Draft {
  const fresh = new Map(snapshot.fresh.map((demand) => [demand.id, demand]));
  const draft: Draft = { ...snapshot, nodes: [...snapshot.nodes], fresh, candidates: new Candidates(), opened: new Set() };
  for (const demand of snapshot.fresh) lookAtLot(draft, demand);
  return draft;
}

/** The first of its lot has to be looked at; the others follow when that one finds room. */
export function lookAtLot(draft: Draft, demand: Demand): void {
  const lot = lotOf(draft.lots, demand);
  const head = lot === undefined ? undefined : headOf(lot);
  if (head !== undefined) draft.candidates.push(head);
}

/** There is more room on the node than there was, or it is held for somebody else: whoever it would do for has to be looked at. */
export function reopen(draft: Draft, at: number): void {
  const state = draft.nodes[at];
  if (state === undefined) return;
  draft.opened.add(at);
  if (state.heldFor !== null && fits(state.heldFor.amounts, state.free)) draft.candidates.push(state.heldFor);
  eachLotFor(draft.lots, state.node, (lot) => {
    const head = fits(lot.amounts, state.free) ? headOf(lot) : undefined;
    if (head !== undefined && mayUse(head, state)) draft.candidates.push(head);
  });
}

/** All room has to be looked at anew. */
export function reopenAll(draft: Draft): void {
  draft.opened = new Set(draft.nodes.keys());
  each(draft.lots, (lot) => {
    const head = headOf(lot);
    if (head !== undefined) draft.candidates.push(head);
  });
}

/** Where there may be room for a demand now. */
export function reachOf(draft: Draft, demand: Demand): Iterable<number> {
  const everywhere = scopeOf(draft, demand.pinned);
  if (draft.fresh.has(demand.id)) return everywhere;
  if (demand.pinned === null) return draft.opened;
  return [...everywhere].filter((at) => draft.opened.has(at));
}

export function enqueue(draft: Draft, demand: Demand): void {
  const queued = queuedOf(draft.people, demand);
  Object.assign(draft, withWaiting(draft, queued));
  draft.fresh.set(queued.id, queued);
  lookAtLot(draft, queued);
}

/** Takes a demand out of the queue, as `admitted` (it passed those ahead of it) or as withdrawn. */
export function dequeue(draft: Draft, demand: Queued, admitted: boolean): void {
  draft.waiting = WAITING.remove(draft.waiting, demand);
  draft.line = leave(draft.line, demand, admitted);
  draft.lots = unpark(draft.lots, demand);
  draft.owed = unpark(draft.owed, demand);
  draft.people = waitsNoMoreFor(draft.people, demand);
  draft.fresh.delete(demand.id);
}

export function allocate(draft: Draft, demand: Demand, at: number): void {
  const state = draft.nodes[at];
  if (state === undefined) return;
  const { id, amounts, priority, group, person } = demand;
  put(draft, { id, node: state.node, amounts, priority, group, person });
  draft.people = holds(draft.people, person, 1);
}

/** Takes the room, whether it is there or not; on a node that is gone it waits for its release. */
export function put(draft: Draft, allocation: Allocation): void {
  draft.allocations = ALLOCATIONS.put(draft.allocations, allocation);
  const at = draft.places.get(allocation.node);
  const state = at === undefined ? undefined : draft.nodes[at];
  if (at !== undefined && state !== undefined) setFree(draft, at, subtractAmounts(state.free, allocation.amounts));
}

/** Gives back exactly what was taken. */
export function release(draft: Draft, allocation: Allocation): void {
  draft.allocations = ALLOCATIONS.remove(draft.allocations, allocation);
  const at = draft.places.get(allocation.node);
  const state = at === undefined ? undefined : draft.nodes[at];
  if (at === undefined || state === undefined) return;
  setFree(draft, at, addAmounts(state.free, allocation.amounts));
  reopen(draft, at);
}

function setFree(draft: Draft, at: number, free: Amounts): void {
  const state = draft.nodes[at];
  if (state !== undefined) draft.nodes[at] = { ...state, free, room: roominess(free, draft.weights) };
}
