/** What a person is told of outside the page. */
export const NOTICE_KINDS = {
  ready: "A workspace that was waited for is ready.",
  stopping: "A workspace is about to be paused, or given back.",
  failed: "A workspace failed.",
} as const;
export type NoticeKind = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as [NoticeKind, ...NoticeKind[]];

/** What is said of a workspace, behind its name: what became of it, or of its two ways to stop the one that is near. */
export const NOTICE_TITLES = {
  ready: "is ready",
  failed: "has failed",
  pausing: "is about to be paused",
  ending: "is about to be given back",
} as const;

/** Whoever waited for less is still there, ms. */
export const LONG_WAIT = 30_000;

/** A lifetime's end is told so long before it, ms; of a short one, before its last quarter. */
const BEFORE_THE_END = 15 * 60_000;

/** Whether it is time to say that a lifetime ends; all in ms since the epoch. */
export function endIsNear(readyAt: number, end: number, now: number): boolean {
  return now < end && now >= end - Math.min(BEFORE_THE_END, (end - readyAt) / 4);
}
