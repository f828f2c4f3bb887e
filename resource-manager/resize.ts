import { type Amounts, DIMENSIONS, type Dimension, NO_AMOUNTS } from "@guise/contract";
import { type Draft, draftOf, put, release } from "./draft.ts";
import { fits, shortagesOf } from "./fit.ts";
import type { NotResized, Resized } from "./model.ts";
import { ALLOCATIONS, type Snapshot } from "./snapshot.ts";

/** Grants the new amounts where what they are more by is free on the allocation's node, and not held for who waits. Less is always granted. */
export function resize(draft: Draft, { id, amounts }: { readonly id: string; readonly amounts: Amounts }): Resized | NotResized {
  const allocation = ALLOCATIONS.find(draft.allocations, { id });
  const at = allocation === undefined ? undefined : draft.places.get(allocation.node);
  const state = at === undefined ? undefined : draft.nodes[at];
  if (allocation === undefined || state === undefined) return { kind: "not_resized", id, node: null, short: [] };
  const more = growthOf(allocation.amounts, amounts);
  const isMore = DIMENSIONS.some((dimension) => more[dimension] > 0);
  if (isMore && (!fits(more, state.free) || state.heldFor !== null))
    return { kind: "not_resized", id, node: state.node, short: shortagesOf(more, state.free) };
  // Whoever waits is looked at for the room that is left after both.
  release(draft, allocation);
  put(draft, { ...allocation, amounts });
  return { kind: "resized", id, node: allocation.node, amounts };
}

/** What would be answered now, where the storage stays as it is; only the loop's decision binds. */
export function adviseResize(
  snapshot: Snapshot,
  { id, amounts }: { readonly id: string; readonly amounts: Omit<Amounts, "storage"> },
): Resized | NotResized {
  const storage = ALLOCATIONS.find(snapshot.allocations, { id })?.amounts.storage ?? 0;
  return resize(draftOf(snapshot), { id, amounts: { ...amounts, storage } });
}

function growthOf(before: Amounts, after: Amounts): Amounts {
  const more: Record<Dimension, number> = { ...NO_AMOUNTS };
  for (const dimension of DIMENSIONS) more[dimension] = Math.max(0, after[dimension] - before[dimension]);
  return more;
}
