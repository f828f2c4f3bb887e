import { z } from "zod";

/** A home: the files of a workspace that persist. */
export const homeViewSchema = z.object({
  home: z.string(),
  /** Absent for one in quarantine: nobody was found to own it. */
  owner: z.string().optional(),
  persona_id: z.string().optional(),
  environment: z.string().optional(),
  name: z.string().optional(),
  /** `missing`: it should be kept, and its files are not there. */
  state: z.enum(["in_use", "kept", "missing", "being_deleted", "quarantined"]),
  workspace_id: z.string().optional(),
  /** Bytes that it may have, and bytes that it takes on the disk. */
  bytes: z.number(),
  taken: z.number(),
  charged_to: z.string().optional(),
  used_at: z.string().optional(),
});
export type HomeView = z.infer<typeof homeViewSchema>;
