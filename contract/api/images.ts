import { z } from "zod";

/** An image of a persona on the engine, or a layer that a build left. */
export const imageViewSchema = z.object({
  image: z.string(),
  kind: z.enum(["image", "layer"]),
  versions: z.array(
    z.object({
      persona_id: z.string(),
      version: z.number().int(),
      /** Of the version's image; `current`: the next start gets it. */
      revision: z.number().int(),
      current: z.boolean(),
    }),
  ),
  /** Bytes that would be free without it, and bytes that others need too. */
  alone: z.number(),
  shared: z.number(),
  used_at: z.string(),
  /** Workspaces that run on it, or will when they start or are resumed. */
  workspaces: z.array(z.string()),
  /** It is not collected as things stand. */
  kept: z.boolean(),
});
export type ImageView = z.infer<typeof imageViewSchema>;

/** Bytes that images may take in all, and take; the most recently used first. */
export const imagesSchema = z.object({ budget: z.number(), taken: z.number(), images: z.array(imageViewSchema) });
export type Images = z.infer<typeof imagesSchema>;

export const collectRequestSchema = z.strictObject({
  /** Bytes to come down to, instead of the installation's budget; 0: all that nobody needs. */
  budget: z.number().int().min(0).optional(),
});

export const collectedSchema = z.object({ removed: z.array(z.string()), freed: z.number(), left: z.number(), budget: z.number() });
export type CollectedImages = z.infer<typeof collectedSchema>;
