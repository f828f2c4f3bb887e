import { type Amounts, DIMENSIONS, NO_AMOUNTS } from "@guise/contract";
import { compareQueued, type Queued } from "./order.ts";
import { each, firstOf, orderedTree, type Tree } from "./ordered-tree.ts";

/**
 * Demands that ask for the same, parked together: when the first of them finds no room, none of the others does, so a
 * decision looks at one demand per lot. Priority and group are no part of what a lot asks for; they only say who is first in it.
 */
export interface Lot extends Wish {
  /** In queue order; never empty. */
  readonly members: Tree<Queued>;
}

/** What decides where a demand fits. */
interface Wish {
  readonly amounts: Amounts;
  readonly pinned: string | null;
}

export type Lots = Tree<Lot>;

const none = (): null => null;
const LOTS = orderedTree<Wish, Lot, null>(compareWishes, none);
const MEMBERS = orderedTree<Queued, Queued, null>(compareQueued, none);

function compareWishes(a: Wish, b: Wish): number {
  const pinA = a.pinned ?? "";
  const pinB = b.pinned ?? "";
  if (pinA !== pinB) return pinA < pinB ? -1 : 1;
  for (const dimension of DIMENSIONS) {
    const difference = a.amounts[dimension] - b.amounts[dimension];
    if (difference !== 0) return difference;
  }
  return 0;
}

export function lotOf(lots: Lots, wish: Wish): Lot | undefined {
  return LOTS.find(lots, wish);
}

export function park(lots: Lots, demand: Queued): Lots {
  const { amounts, pinned } = demand;
  return LOTS.put(lots, { amounts, pinned, members: MEMBERS.put(lotOf(lots, demand)?.members ?? null, demand) });
}

export function unpark(lots: Lots, demand: Queued): Lots {
  const lot = lotOf(lots, demand);
  if (lot === undefined) return lots;
  const members = MEMBERS.remove(lot.members, demand);
  if (members === lot.members) return lots;
  return members === null ? LOTS.remove(lots, lot) : LOTS.put(lots, { ...lot, members });
}

/** The first in queue order among the demands of the lot. */
export function headOf(lot: Lot): Queued | undefined {
  return firstOf(lot.members);
}

/** All demands of all lots, in queue order. */
export function demandsOf(lots: Lots): readonly Queued[] {
  const demands: Queued[] = [];
  each(lots, ({ members }) => each(members, (demand) => demands.push(demand)));
  return demands.sort(compareQueued);
}

/** The lots whose demands may be placed on the node: those that any node will do for, and those pinned to it. */
export function eachLotFor(lots: Lots, node: string, visit: (lot: Lot) => void): void {
  for (const pinned of [null, node]) {
    LOTS.eachFrom(lots, { pinned, amounts: NO_AMOUNTS }, (lot) => {
      if (lot.pinned === pinned) visit(lot);
      return lot.pinned === pinned;
    });
  }
}
