import { z } from "zod";
import { versionViewSchema } from "./api/versions.ts";
import { workspaceViewSchema } from "./api/workspaces.ts";
import { workspaceEventSchema } from "./events.ts";
import { usageSampleSchema } from "./usage.ts";

export const availabilitySchema = z.object({
  /** What would become of a request now: it starts, waits in the queue, or can never fit. */
  state: z.enum(["now", "waits", "never"]),
  /** In the queue, from 1. */
  place: z.number().int().optional(),
  /** Why, as a sentence. */
  message: z.string().optional(),
});
export type Availability = z.infer<typeof availabilitySchema>;

/**
 * What GET /v1/live carries: everything of one person as it happens, over one WebSocket, so that a page needs no stream per workspace.
 * The first messages are the whole of `workspaces` and `personas`. Nothing is replayed: who was away gets the whole anew.
 */
export const liveMessageSchema = z.discriminatedUnion("kind", [
  /** All workspaces that the person holds; what is not in it is released or was never there. */
  z.object({ kind: z.literal("workspaces"), workspaces: z.array(workspaceViewSchema) }),
  /** All personas that the person sees, each as the version that a request gets. */
  z.object({ kind: z.literal("personas"), personas: z.array(versionViewSchema) }),
  /** Of the personas that the person may request; whole whenever one is another than before. */
  z.object({ kind: z.literal("availability"), personas: z.record(z.string(), availabilitySchema) }),
  /** A workspace that is new, or another than before; a released one is told once more, with its receipt. */
  z.object({ kind: z.literal("workspace"), workspace: workspaceViewSchema }),
  z.object({ kind: z.literal("event"), event: workspaceEventSchema }),
  z.object({ kind: z.literal("usage"), sample: usageSampleSchema }),
  /** Nothing else happened for a while: the line still stands. */
  z.object({ kind: z.literal("still_here") }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
