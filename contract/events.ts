import { z } from "zod";
import { estimateSchema } from "./estimate.ts";
import { EVENT_KINDS, type EventKind } from "./event-kinds.ts";
import { limitNoteSchema } from "./limit-notes.ts";
import { PHASES, REASON_NAMES, WORKSPACE_STATES } from "./states.ts";

export const workspaceEventSchema = z.object({
  /** `<workspace>.<revision>` for durable events; absent for transient ones. */
  id: z.string().optional(),
  kind: z.enum(Object.keys(EVENT_KINDS) as [EventKind, ...EventKind[]]),
  workspace: z.string(),
  /** RFC 3339. */
  at: z.string(),
  state: z.enum(WORKSPACE_STATES).optional(),
  reason: z.enum(REASON_NAMES as [string, ...string[]]).optional(),
  /** For people, with the numbers in it. */
  message: z.string().optional(),
  phase: z.enum(PHASES).optional(),
  percent: z.number().min(0).max(100).optional(),
  /** Milliseconds that the finished phase took. */
  took: z.number().optional(),
  place: z.number().int().optional(),
  estimate: estimateSchema.optional(),
  launch: z.string().optional(),
  application: z.string().optional(),
  /** With a limit that was hit, and with a program that was killed. */
  limit: limitNoteSchema.optional(),
  /** The whole workspace (a WorkspaceView) as of now, which may be newer than the event: with a reset, and with a state told as it happens. */
  snapshot: z.record(z.string(), z.unknown()).optional(),
});
export type WorkspaceEvent = z.infer<typeof workspaceEventSchema>;
