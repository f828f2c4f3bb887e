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
/** Answer of GET /v1/workspaces/{id}/files/digest: hexadecimal, as `sha256sum` prints it. */
export const fileDigestSchema = z.object({ sha256: z.string() });
export type FileStat = z.infer<typeof fileStatSchema>;
