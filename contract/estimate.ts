import { z } from "zod";

/** When a workspace that waits or starts is expected to be ready, from how long earlier ones were held and took to start. */
export const estimateSchema = z.object({
  /** Ms from now: as likely sooner as later; nine of ten are not sooner than `low`, and not later than `high`. */
  ready_in: z.object({ low: z.number(), likely: z.number(), high: z.number() }),
  /** How many earlier runs it rests on. */
  from: z.number().int(),
});
export type Estimate = z.infer<typeof estimateSchema>;
