import { type Split, withinShares } from "./split-view.ts";

/** Of this browser: the split of each workspace, the one that was changed last at the end. */
const KEY = "guise-split-views";
/** Of so many workspaces. */
const MOST = 30;

type Kept = readonly (readonly [workspace: string, split: Split])[];

export function keptSplits(text: string | null): Kept {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.flatMap(entryOf) : [];
  } catch {
    return [];
  }
}

/** Somebody may have written there what they liked. */
function entryOf(entry: unknown): Kept {
  if (!Array.isArray(entry)) return [];
  const [workspace, split] = entry as readonly unknown[];
  if (typeof workspace !== "string" || typeof split !== "object" || split === null) return [];
  const { second, share } = split as Partial<Split>;
  return typeof second === "string" && Number.isFinite(share) ? [[workspace, { second, share: withinShares(Number(share)) }]] : [];
}

export function withSplit(kept: Kept, workspace: string, split: Split | undefined): Kept {
  const others = kept.filter(([one]) => one !== workspace);
  return split === undefined ? others : [...others.slice(1 - MOST), [workspace, split]];
}

export function splitOf(workspace: string): Split | undefined {
  return keptSplits(localStorage.getItem(KEY)).find(([one]) => one === workspace)?.[1];
}

export function keepSplit(workspace: string, split: Split | undefined): void {
  localStorage.setItem(KEY, JSON.stringify(withSplit(keptSplits(localStorage.getItem(KEY)), workspace, split)));
}
