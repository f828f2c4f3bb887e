import { z } from "zod";

/** Between two versions of a persona, or a version and a document that is not published. */
export const compareRequestSchema = z.strictObject({
  /** The earlier side; without it, the version before `to`, or for a document the one that a request gets. */
  from: z.number().int().min(1).optional(),
  /** The later side; without it and without a document, the newest version. */
  to: z.number().int().min(1).optional(),
  document: z.string().optional(),
});
export type CompareRequest = z.infer<typeof compareRequestSchema>;
const definitionChangeSchema = z.object({
  path: z.string(),
  /** What was there; absent where nothing was. Of a list of plain values one item that went. */
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type DefinitionChange = z.infer<typeof definitionChangeSchema>;
const reachChangeSchema = z.object({
  /** The end of a sentence that begins with the persona: "reaches reports.example.com:443". */
  sentence: z.string(),
  environments: z.array(z.string()),
  /** True of every environment of that side, or the sentence itself names the one. */
  everywhere: z.boolean(),
});
export type ReachChange = z.infer<typeof reachChangeSchema>;
export const personaDifferenceSchema = z.object({
  persona_id: z.string(),
  from: z.number().int(),
  /** Absent for a document. */
  to: z.number().int().optional(),
  changes: z.array(definitionChangeSchema),
  newly_may: z.array(reachChangeSchema),
  no_longer_may: z.array(reachChangeSchema),
});
export type PersonaDifference = z.infer<typeof personaDifferenceSchema>;
