import { z } from "zod";
import { NOTICE_KIND_NAMES } from "./notices.ts";

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
