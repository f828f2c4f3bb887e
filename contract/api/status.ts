import { z } from "zod";
import { amountsSchema } from "./amounts.ts";

export const nodeViewSchema = z.object({
  node: z.string(),
  capacity: amountsSchema,
  allocated: amountsSchema,
  free: amountsSchema,
  /** Dimensions whose capacity is assumed rather than measured. */
  assumed: z.array(z.string()),
  /** By dimension, how the capacity follows from what the machine has, where it is another amount. */
  explained: z.record(z.string(), z.string()).optional(),
});

export const statusSchema = z.object({
  version: z.string(),
  installation: z.string(),
  engine: z.object({ driver: z.string(), reachable: z.boolean(), facts: z.record(z.string(), z.unknown()), warnings: z.array(z.string()) }),
  nodes: z.array(nodeViewSchema),
  workspaces: z.record(z.string(), z.number()),
  queue: z.array(
    z.object({
      workspace_id: z.string(),
      owner: z.string(),
      persona_id: z.string(),
      place: z.number(),
      priority: z.string(),
      reason: z.string(),
      message: z.string(),
      since: z.string(),
    }),
  ),
  pools: z.record(z.string(), z.number()),
  builds: z.array(
    z.object({ persona_id: z.string(), version: z.number(), message: z.string().optional(), percent: z.number().optional() }),
  ),
});
export type Status = z.infer<typeof statusSchema>;
