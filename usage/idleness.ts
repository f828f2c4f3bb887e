import { formatDuration, USES, type Use } from "@guise/contract";
import type { Uses } from "./activity.ts";

export interface IdlePolicy {
  /** Ms without use after which the workspace is suspended. */
  readonly after: number;
}

/** One way in which a workspace was used. */
export interface PastUse {
  readonly use: Use;
  /** Ms since then; 0 while it lasts. */
  readonly ago: number;
}

export interface Idleness {
  /** Ms since its last use. */
  readonly idleFor: number;
  readonly state: "used" | "warned" | "over";
  /** Ms until it is suspended, unless it is used or kept; 0 when it is over. */
  readonly left: number;
  /** The newest first, and that is the last use; never empty. */
  readonly uses: readonly [PastUse, ...PastUse[]];
  /** For people, with the numbers in it. */
  readonly why: string;
}

/** The person is warned for this share of the time, but for no longer than five minutes. */
export const WARNING_SHARE = 1 / 5;
const LONGEST_WARNING = 5 * 60_000;

/** Whether a workspace is idle, and why, from how it was used. `since`: when it became ready. All by one monotonic clock. Pure. */
export function idlenessOf(used: Uses, since: number, now: number, { after }: IdlePolicy): Idleness {
  const uses = pastUses(used, since, now);
  const idleFor = uses[0].ago;
  const left = Math.max(0, after - idleFor);
  const warning = Math.min(LONGEST_WARNING, after * WARNING_SHARE);
  const state = left === 0 ? "over" : left <= warning ? "warned" : "used";
  return { idleFor, state, left, uses, why: reasonOf(uses) };
}

/** "idle for 25 min (last use: something was typed or sent into it); suspended in 5 min unless it is used or kept". */
export function idleSentence({ idleFor, left, uses }: Pick<Idleness, "idleFor" | "left" | "uses">): string {
  return `idle for ${rounded(idleFor)} (last use: ${USES[uses[0].use]}); suspended in ${rounded(left)} unless it is used or kept`;
}

/** Becoming ready is a use: without another, the time counts from there. */
function pastUses({ last, lasting }: Uses, since: number, now: number): [PastUse, ...PastUse[]] {
  const at: Partial<Record<Use, number>> = { ...last, ready: since };
  for (const use of lasting) at[use] = now;
  const uses = (Object.entries(at) as [Use, number][])
    // What was before belongs to an earlier life of it.
    .filter(([, time]) => time >= since)
    .map(([use, time]) => ({ use, ago: Math.max(0, now - time) }))
    .sort((a, b) => a.ago - b.ago);
  return uses as [PastUse, ...PastUse[]];
}

/** "last use 25 min ago: something was typed or sent into it; before that: its programs computed, 27 min ago". */
function reasonOf([latest, ...before]: readonly [PastUse, ...PastUse[]]): string {
  const said = latest.ago === 0 ? `in use: ${USES[latest.use]}` : `last use ${rounded(latest.ago)} ago: ${USES[latest.use]}`;
  const second = before[0];
  return second === undefined ? said : `${said}; before that: ${USES[second.use]}, ${rounded(second.ago)} ago`;
}

function rounded(milliseconds: number): string {
  return formatDuration(Math.round(milliseconds / 1000) * 1000);
}
