import { z } from "zod";

const fileFactsSchema = z.object({
  name: z.string(),
  kind: z.enum(["file", "folder", "link", "other"]),
  bytes: z.number(),
  /** Permission bits. */
  mode: z.number(),
  modified: z.string(),
});

/** Answer of GET /v1/workspaces/{id}/files/stat. */
export const fileStatSchema = fileFactsSchema.extend({ entries: z.array(fileFactsSchema).optional() });
export type FileStat = z.infer<typeof fileStatSchema>;
