import { z } from "zod";
import { preferencesSchema } from "../preferences.ts";

export const preferencesViewSchema = z.object({
  /** Rises with each change; 0: nothing was ever stored. */
  revision: z.number().int(),
  preferences: preferencesSchema,
});
export type PreferencesView = z.infer<typeof preferencesViewSchema>;

/** Replaces all of them, where nobody changed them since that revision was read. */
export const preferencesRequestSchema = z.strictObject({ revision: z.number().int().min(0), preferences: preferencesSchema });
export type PreferencesRequest = z.infer<typeof preferencesRequestSchema>;
