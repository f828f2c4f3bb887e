import { z } from "zod";

/** What a person is told of outside the page. */
export const NOTICE_KINDS = {
  ready: "A workspace that was waited for is ready.",
  stopping: "A workspace is about to be paused, or given back.",
  failed: "A workspace failed.",
} as const;
export type NoticeKind = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as [NoticeKind, ...NoticeKind[]];

/** Whoever waited for less is still there, ms. */
export const LONG_WAIT = 30_000;

/** A lifetime's end is told so long before it, ms; of a short one, before its last quarter. */
const BEFORE_THE_END = 15 * 60_000;

/** Whether it is time to say that a lifetime ends; all in ms since the epoch. */
export function endIsNear(readyAt: number, end: number, now: number): boolean {
  return now < end && now >= end - Math.min(BEFORE_THE_END, (end - readyAt) / 4);
}

/** What a webhook gets: https://www.standardwebhooks.com. Members are only added. */
export const webhookBodySchema = z.object({
  type: z.enum(NOTICE_KIND_NAMES.map((kind) => `workspace.${kind}` as const)),
  /** RFC 3339: when it came about. */
  timestamp: z.string(),
  data: z.object({
    workspace_id: z.string(),
    persona_id: z.string(),
    persona_name: z.string(),
    environment: z.string(),
    name: z.string(),
    /** Whose workspace it is. */
    owner: z.string(),
    /** One line, then one sentence, for people. */
    title: z.string(),
    message: z.string(),
    /** Where it opens in the portal. */
    link: z.string(),
  }),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;
