import { z } from "zod";

/** What many people together used over days. What fewer people than a number used is told of nobody. */

/** For how long use is told day by day, in days: as long as it is kept. */
export const USAGE_DAYS = { least: 1, usual: 30, most: 35 } as const;

/** The use of one persona, application or group. */
export const usedOverTimeSchema = z.object({
  /** The persona's id, the application's, or the group's name. */
  name: z.string(),
  /** How many different people. */
  people: z.number().int(),
  /** How often an application was launched; of the others 0. */
  launches: z.number().int(),
  /** Ms for which it ran, or workspaces were ready, in all. */
  running: z.number(),
  /** Ms. */
  cpu_time: z.number(),
  /** The most bytes of ram in one workspace. */
  ram_peak: z.number(),
  /** Ms for which it ran on each day (a date, UTC) on which it did, the oldest first. */
  days: z.array(z.object({ day: z.string(), running: z.number() })),
});
export type UsedOverTime = z.infer<typeof usedOverTimeSchema>;

/** What of a persona could be less, or must be more, by what people use. */

const ofPersona = { persona_id: z.string(), persona_name: z.string(), version: z.number().int(), people: z.number().int() };
export const usageInsightSchema = z.discriminatedUnion("kind", [
  /** Nobody launched it, as long as it was there: of what is opened as a window or a page, for programs of the shell are not launched. */
  z.object({
    kind: z.literal("unused_application"),
    ...ofPersona,
    application: z.string(),
    application_name: z.string(),
    /** Of the persona's image with it, where that is known. */
    image_bytes: z.number().optional(),
  }),
  z.object({
    kind: z.enum(["more_than_used", "nearly_all_used"]),
    ...ofPersona,
    dimension: z.enum(["cpu", "ram", "storage"]),
    /** What the persona asks for, the most that one workspace used in any minute, and what would do; in the dimension's own unit. */
    asked: z.number(),
    used: z.number(),
    suggested: z.number(),
  }),
]);
export type UsageInsight = z.infer<typeof usageInsightSchema>;

export const usageOverTimeSchema = z.object({
  /** The first day (a date, UTC). */
  since: z.string(),
  /** Of fewer people nothing is told. */
  least_people: z.number().int(),
  personas: z.array(usedOverTimeSchema),
  applications: z.array(usedOverTimeSchema),
  groups: z.array(usedOverTimeSchema),
  /** How many are left out, as too few people used them. */
  left_out: z.object({ personas: z.number().int(), applications: z.number().int(), groups: z.number().int() }),
  insights: z.array(usageInsightSchema),
});
export type UsageOverTime = z.infer<typeof usageOverTimeSchema>;
