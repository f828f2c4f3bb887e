import { z } from "zod";
import { estimateSchema } from "./estimate.ts";
import { PHASES, REASON_NAMES, WORKSPACE_STATES } from "./states.ts";

/** Kinds of events of a workspace. Durable ones have an id and are replayed; transient ones are seen only live. */
export const EVENT_KINDS = {
  state: {
    durable: true,
    meaning: "The workspace entered a state, or its reason changed; told as it happens, with a full snapshot of the workspace.",
  },
  phase_finished: { durable: true, meaning: "A phase of provisioning ended, with its time." },
  phase_started: { durable: false, meaning: "A phase of provisioning began." },
  progress: { durable: false, meaning: "Work inside a phase: what, and percent where it is known." },
  log: { durable: false, meaning: "A line of the build or start log." },
  idle: { durable: false, meaning: "It is idle and about to be suspended, with the reasons; or it is in use again." },
  home: { durable: false, meaning: "Its home is nearly full, or full; or has room again." },
  queue: { durable: false, meaning: "Place in the queue, reason with numbers, and when it is expected to be ready." },
  launch: { durable: true, meaning: "An application was launched, exited, or was found again." },
  reset: { durable: false, meaning: "Earlier events are no longer kept; a full snapshot of the workspace follows." },
} as const;
export type EventKind = keyof typeof EVENT_KINDS;

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
  /** The whole workspace (a WorkspaceView) as of now, which may be newer than the event: with a reset, and with a state told as it happens. */
  snapshot: z.record(z.string(), z.unknown()).optional(),
});
export type WorkspaceEvent = z.infer<typeof workspaceEventSchema>;
