import { formatDuration } from "@guise/contract";
import type { LastActivity } from "./activity.ts";

export interface IdlePolicy {
  /** Ms without use after which the workspace is suspended. */
  readonly after: number;
}

export interface Idleness {
  /** Ms since its last use. */
  readonly idleFor: number;
  readonly state: "used" | "warned" | "over";
  /** Ms until it is suspended, unless it is used or kept; 0 when it is over. */
  readonly left: number;
  /** For people, with the numbers in it. */
  readonly why: string;
}

/** The person is warned for this share of the time, but for no longer than five minutes. */
export const WARNING_SHARE = 1 / 5;
const LONGEST_WARNING = 5 * 60_000;

const WORDS = { input: "nothing was sent into it", launch: "no application began or ended", cpu: "its programs computed nothing" } as const;

/** Whether a workspace is idle, and why, from when it was last used. `since`: when it became ready. All by one monotonic clock. Pure. */
export function idlenessOf(last: LastActivity, since: number, now: number, { after }: IdlePolicy): Idleness {
  const used = Math.max(since, ...Object.values(last));
  const idleFor = Math.max(0, now - used);
  const left = Math.max(0, after - idleFor);
  const warning = Math.min(LONGEST_WARNING, after * WARNING_SHARE);
  const state = left === 0 ? "over" : left <= warning ? "warned" : "used";
  return { idleFor, state, left, why: reasonsOf(last, since, now) };
}

/** "idle for 25 min (…); suspended in 5 min unless it is kept". */
export function idleSentence({ idleFor, left, why }: Pick<Idleness, "idleFor" | "left" | "why">): string {
  return `idle for ${rounded(idleFor)} (${why}); suspended in ${rounded(left)} unless it is used or kept`;
}

function reasonsOf(last: LastActivity, since: number, now: number): string {
  const parts = (["input", "launch", "cpu"] as const).map(
    (kind) => `${WORDS[kind]} for ${rounded(now - Math.max(since, last[kind] ?? since))}`,
  );
  return parts.join(", ");
}

function rounded(milliseconds: number): string {
  return formatDuration(Math.round(milliseconds / 1000) * 1000);
}
