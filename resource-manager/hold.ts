import { type Draft, reopen } from "./draft.ts";
import { fits, lack, type NodeState } from "./fit.ts";
import { hold, LINE, turnOverdue } from "./line.ts";
import { demandsOf, eachLotFor, headOf, type Lot, lotOf, park, unpark } from "./lots.ts";
import { compareQueued, type Queued } from "./order.ts";
import { scopeOf } from "./snapshot.ts";

/**
 * Holding room for demands that were passed as often as is allowed (overdue ones).
 *
 * The free room of a node is held for at most one demand; an overdue demand that gets no node is *owed* one. Two things are
 * true at all times, and keep whatever is behind an overdue demand from passing it once more where it could be placed:
 * a node that an owed demand could ever fit on is held, and it is held for one that is ahead of it in the queue.
 */

/** Before `demand` is admitted: whoever ahead of it may not be passed again gets room held. False when nobody did. */
export function settleOverdue(draft: Draft, demand: Queued): boolean {
  const { line, found } = turnOverdue(draft.line, demand, draft.settings.bypassLimit);
  draft.line = line;
  seatAll(draft, found);
  return found.length > 0;
}

/**
 * Overdue demands have other places in the queue: what was held for them is held for the first of those that are owed a node, and whoever
 * came further ahead may take one over.
 */
export function reseat(draft: Draft, overdue: readonly Queued[]): void {
  const freed: number[] = [];
  for (const demand of overdue) {
    const at = draft.places.get(heldNodeOf(draft, demand) ?? "");
    const state = at === undefined ? undefined : draft.nodes[at];
    owe(draft, demand);
    if (at === undefined || state?.heldFor?.id !== demand.id) continue;
    draft.nodes[at] = { ...state, heldFor: null };
    freed.push(at);
  }
  for (const at of freed) holdForNext(draft, at);
  seatAll(draft, overdue.filter((demand) => heldNodeOf(draft, demand) === null).sort(compareQueued));
}

/** Nodes came, went or changed: all holds are made anew. */
export function holdAnew(draft: Draft, holders: readonly Queued[]): void {
  for (const holder of holders) owe(draft, holder);
  const owed = demandsOf(draft.owed);
  draft.owed = null;
  seatAll(draft, owed);
}

/** The demand has left the queue: the node that was held for it, if there was one, is held for the next, or for nobody. */
export function endHold(draft: Draft, demand: Queued, node: string | null): void {
  const at = node === null ? undefined : draft.places.get(node);
  const state = at === undefined ? undefined : draft.nodes[at];
  if (at === undefined || state === undefined || state.heldFor?.id !== demand.id) return;
  draft.nodes[at] = { ...state, heldFor: null };
  holdForNext(draft, at);
}

function holdForNext(draft: Draft, at: number): void {
  const state = draft.nodes[at];
  const next = state === undefined ? undefined : firstOwed(draft, state);
  if (next === undefined) reopen(draft, at);
  else holdFor(draft, at, next);
}

/** The node whose room is held for a demand in the queue. */
export function heldNodeOf({ line }: Pick<Draft, "line">, demand: Queued): string | null {
  return LINE.find(line, { demand })?.held ?? null;
}

/** In queue order. What is found for nobody of a lot is not looked for again: nodes only pass to demands further ahead. */
function seatAll(draft: Draft, overdue: readonly Queued[]): void {
  const owedLots = new Set<Lot>();
  for (const demand of overdue) {
    const lot = lotOf(draft.lots, demand);
    if (lot === undefined) continue;
    if (owedLots.has(lot)) owe(draft, demand);
    else if (!seat(draft, demand)) owedLots.add(lot);
  }
}

/** Holds a node for an overdue demand. One that loses its node to it looks for another; each in such a chain is further behind. */
function seat(draft: Draft, demand: Queued): boolean {
  const at = unheldNode(draft, demand) ?? nodeHeldBehind(draft, demand);
  if (at === undefined) {
    owe(draft, demand);
    return false;
  }
  const displaced = draft.nodes[at]?.heldFor ?? null;
  holdFor(draft, at, demand);
  if (displaced !== null) seat(draft, displaced);
  return true;
}

function holdFor(draft: Draft, at: number, demand: Queued): void {
  const state = draft.nodes[at];
  if (state === undefined) return;
  draft.nodes[at] = { ...state, heldFor: demand };
  draft.line = hold(draft.line, demand, state.node);
  draft.owed = unpark(draft.owed, demand);
  reopen(draft, at);
}

function owe(draft: Draft, demand: Queued): void {
  draft.line = hold(draft.line, demand, null);
  draft.owed = park(draft.owed, demand);
}

/** The node that nobody holds and that lacks least for the demand: the fewest releases make it fit. */
function unheldNode(draft: Draft, demand: Queued): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const at of scopeOf(draft, demand.pinned)) {
    const state = draft.nodes[at];
    if (state === undefined || state.heldFor !== null || !fits(demand.amounts, state.capacity)) continue;
    const lacking = lack(demand.amounts, state.free, draft.weights);
    if (lacking >= least) continue;
    best = at;
    least = lacking;
  }
  return best;
}

/** The node that is held for the demand furthest behind this one. */
function nodeHeldBehind(draft: Draft, demand: Queued): number | undefined {
  let best: number | undefined;
  let furthest = demand;
  for (const at of scopeOf(draft, demand.pinned)) {
    const state = draft.nodes[at];
    const holder = state?.heldFor ?? null;
    if (state === undefined || holder === null || !fits(demand.amounts, state.capacity)) continue;
    if (compareQueued(holder, furthest) <= 0) continue;
    best = at;
    furthest = holder;
  }
  return best;
}

/** The first in the queue that is owed a node and could ever be on this one. */
function firstOwed(draft: Draft, { node, capacity }: NodeState): Queued | undefined {
  let first: Queued | undefined;
  eachLotFor(draft.owed, node, (lot) => {
    const head = fits(lot.amounts, capacity) ? headOf(lot) : undefined;
    if (head !== undefined && (first === undefined || compareQueued(head, first) < 0)) first = head;
  });
  return first;
}
