import { z } from "zod";

export const IMPORT_OUTCOMES = ["carried", "changed", "not_carried"] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

/** Characters of one list. */
export const MAXIMUM_LIST_LENGTH = 256 * 1024;

/** Lists that people have (requirements.txt, package.json, …), with the files that they name. Names are paths from where the lists lie. */
export const importRequestSchema = z.strictObject({
  lists: z.array(z.string().min(1).max(300)).min(1).max(20),
  files: z
    .array(z.strictObject({ name: z.string().min(1).max(300), content: z.string().max(MAXIMUM_LIST_LENGTH) }))
    .min(1)
    .max(50),
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

export const importRowSchema = z.object({
  file: z.string(),
  /** From 1; absent where the whole list is meant. */
  line: z.number().int().optional(),
  text: z.string(),
  outcome: z.enum(IMPORT_OUTCOMES),
  /** What stands for it in the persona. */
  becomes: z.string().optional(),
  /** How it was changed; or why it is not carried, and what to do instead. */
  why: z.string().optional(),
});
export type ImportRow = z.infer<typeof importRowSchema>;

export const importResponseSchema = z.object({
  /** A draft of a persona, as text; absent where nothing was carried. */
  document: z.string().optional(),
  rows: z.array(importRowSchema),
  /** Files that the lists name and that were not given. */
  wanted: z.array(z.string()),
});
export type ImportedLists = z.infer<typeof importResponseSchema>;
