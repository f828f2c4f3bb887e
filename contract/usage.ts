import { z } from "zod";
import { limitNoteSchema } from "./limit-notes.ts";

/** What a workspace used, as the machine outside it measured. Rates are averages since the sample before. */

/** One application of a workspace: all of its launches together. */
export const applicationUsageSchema = z.object({
  application: z.string(),
  /** How often it was launched, and for how long it ran in all, ms; launches at the same time count each. */
  launches: z.number().int(),
  running: z.number(),
  /** Cpu time in all, ms. Which process belongs to which application is reported from inside the workspace. */
  cpu_time: z.number(),
  /** Now: millicores, and bytes. */
  cpu: z.number(),
  ram: z.number(),
  /** The most bytes of ram at any sample. */
  ram_peak: z.number(),
});
export type ApplicationUsage = z.infer<typeof applicationUsageSchema>;

export const usageSampleSchema = z.object({
  workspace_id: z.string(),
  /** RFC 3339. */
  at: z.string(),
  /** Millicores. */
  cpu: z.number(),
  /** Bytes that its programs hold, and bytes that its home takes. */
  ram: z.number(),
  storage: z.number(),
  /** bit/s. */
  ingress: z.number(),
  egress: z.number(),
  /** Since it was requested, restarts and suspensions included: cpu time in ms, network in bytes. */
  totals: z.object({ cpu_time: z.number(), received: z.number(), sent: z.number() }),
  applications: z.array(applicationUsageSchema),
});
export type UsageSample = z.infer<typeof usageSampleSchema>;

/** Some time of a workspace's life; averages and highest values in it. */
export const usagePointSchema = z.object({
  /** RFC 3339: when it begins. */
  at: z.string(),
  /** ms that it covers. */
  covers: z.number(),
  cpu: z.number(),
  ram: z.number(),
  ram_peak: z.number(),
  storage: z.number(),
  received: z.number(),
  sent: z.number(),
});
export type UsagePoint = z.infer<typeof usagePointSchema>;

/** Answer of GET /v1/workspaces/{id}/usage, also for one that was given back, as long as its series are kept. */
export const workspaceUsageSchema = z.object({
  workspace_id: z.string(),
  /** Absent while nothing of it runs. */
  latest: usageSampleSchema.optional(),
  totals: usageSampleSchema.shape.totals,
  /** The most ram that the kernel ever counted for it, bytes, between two looks too; with files that it keeps in memory as long as there is room. */
  ram_most: z.number().optional(),
  /** Limits that its programs hit lately, the newest first. */
  limits_hit: z.array(limitNoteSchema).optional(),
  applications: z.array(applicationUsageSchema),
  series: z.array(usagePointSchema),
});
export type WorkspaceUsage = z.infer<typeof workspaceUsageSchema>;
