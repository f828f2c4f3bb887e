/** Two tabs side by side: the one that the page's address names, and one beside it. */
export interface Split {
  readonly second: string;
  /** Of the first, in percent. */
  readonly share: number;
}

export type Side = "first" | "second";

/** What a workspace's page shows. */
export interface Shown {
  readonly first: string;
  readonly split: Split | undefined;
  /** Where the person is: it takes what is opened next. */
  readonly side: Side;
}

export const LEAST_SHARE = 15;
export const MOST_SHARE = 85;
const STEP = 5;
const EVEN = 50;

export function withinShares(share: number): number {
  return Math.min(MOST_SHARE, Math.max(LEAST_SHARE, Math.round(share)));
}

/** The tab that the person is in. */
export function lookedAt({ first, split, side }: Shown): string {
  return split !== undefined && side === "second" ? split.second : first;
}

/** Goes to a tab: where it is seen already, else on the side where the person is. */
export function goTo(shown: Shown, tab: string): Shown {
  const { split, side } = shown;
  if (split === undefined) return { ...shown, first: tab, side: "first" };
  if (tab === shown.first) return { ...shown, side: "first" };
  if (tab === split.second) return { ...shown, side: "second" };
  return side === "first" ? { ...shown, first: tab } : { ...shown, split: { ...split, second: tab } };
}

/** Shows a tab beside the one that is looked at. */
export function showBeside(shown: Shown, tab: string): Shown {
  if (shown.split !== undefined) return goTo(shown, tab);
  return tab === shown.first ? shown : { ...shown, split: { second: tab, share: EVEN }, side: "second" };
}

/** Ends the split; what the person is in stays. */
export function endSplit(shown: Shown): Shown {
  return { first: lookedAt(shown), split: undefined, side: "first" };
}

/** A tab is closed: what was beside it has the room, or `next` is shown. */
export function without(shown: Shown, tab: string, next: string): Shown {
  const { first, split } = shown;
  if (split !== undefined && split.second === tab) return { first, split: undefined, side: "first" };
  if (first !== tab) return shown;
  return { first: split === undefined ? next : split.second, split: undefined, side: "first" };
}

/** How a key moves the border; undefined: not at all. */
export function shareAfterKey(share: number, key: string): number | undefined {
  if (key === "ArrowLeft" || key === "ArrowUp") return withinShares(share - STEP);
  if (key === "ArrowRight" || key === "ArrowDown") return withinShares(share + STEP);
  if (key === "Home") return LEAST_SHARE;
  if (key === "End") return MOST_SHARE;
  return key === "Enter" ? EVEN : undefined;
}
