import { type Amounts, DIMENSIONS } from "@guise/contract";
import { type Draft, dequeue, enqueue, lookAtLot, put, release, reopenAll } from "./draft.ts";
import type { NodeState } from "./fit.ts";
import { endHold, heldNodeOf, holdAnew } from "./hold.ts";
import type { Allocation, Change, Decision, Demand, Node } from "./model.ts";
import { neverFits } from "./never-fits.ts";
import { holds } from "./people.ts";
import { resize } from "./resize.ts";
import { ALLOCATIONS, accountFor, WAITING } from "./snapshot.ts";
import { settleTurns } from "./turns.ts";

/**
 * Takes one change into the draft. Every change may be told twice: an id that waits or is allocated does not arrive
 * again, and what is not there is neither withdrawn nor released.
 */
export function takeIn(draft: Draft, change: Change): Decision | undefined {
  switch (change.kind) {
    case "arrived":
      return arrive(draft, change.demand);
    case "withdrawn":
      return withdraw(draft, change.id);
    case "released": {
      const allocation = ALLOCATIONS.find(draft.allocations, { id: change.id });
      if (allocation !== undefined) giveBack(draft, allocation);
      return undefined;
    }
    case "allocated":
      return take(draft, change.allocation);
    case "resize":
      return resize(draft, change);
    case "nodes":
      return replaceNodes(draft, change.nodes);
  }
}

function arrive(draft: Draft, demand: Demand): Decision | undefined {
  const known = WAITING.find(draft.waiting, demand) ?? ALLOCATIONS.find(draft.allocations, demand);
  if (known !== undefined) return undefined;
  const impossible = neverFits(draft, demand);
  if (impossible !== undefined) return { kind: "refused", id: demand.id, ...impossible };
  enqueue(draft, demand);
  settleTurns(draft, demand.person);
  return undefined;
}

function withdraw(draft: Draft, id: string): undefined {
  const demand = WAITING.find(draft.waiting, { id });
  if (demand === undefined) return;
  const held = heldNodeOf(draft, demand);
  dequeue(draft, demand, false);
  endHold(draft, demand, held);
  // Whoever was hidden behind it in its lot is looked at in its stead.
  lookAtLot(draft, demand);
  settleTurns(draft, demand.person);
}

function giveBack(draft: Draft, allocation: Allocation): void {
  release(draft, allocation);
  draft.people = holds(draft.people, allocation.person, -1);
  settleTurns(draft, allocation.person);
}

function take(draft: Draft, allocation: Allocation): undefined {
  const before = ALLOCATIONS.find(draft.allocations, allocation);
  if (before !== undefined) giveBack(draft, before);
  put(draft, allocation);
  draft.people = holds(draft.people, allocation.person, 1);
  settleTurns(draft, allocation.person);
}

/** What waits goes on waiting, even where no node that is left could grant it: a node may come back. */
function replaceNodes(draft: Draft, nodes: readonly Node[]): undefined {
  const account = accountFor(nodes, draft.allocations);
  if (sameNodes(account.nodes, draft.nodes)) return;
  const holders = draft.nodes.flatMap(({ heldFor }) => heldFor ?? []);
  Object.assign(draft, account, { nodes: [...account.nodes] });
  holdAnew(draft, holders);
  reopenAll(draft);
}

function sameNodes(a: readonly NodeState[], b: readonly NodeState[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((node, at) => {
    const other = b[at];
    return node.node === other?.node && same(node.capacity, other.capacity) && same(node.ceiling, other.ceiling);
  });
}

function same(a: Amounts, b: Amounts): boolean {
  return DIMENSIONS.every((dimension) => a[dimension] === b[dimension]);
}
