import { z } from "zod";

/** An upload in pieces. Answer of POST and GET of /v1/workspaces/{id}/uploads. */
export const uploadSchema = z.object({
  upload_id: z.string(),
  path: z.string(),
  /** Of the whole file. */
  bytes: z.number(),
  /** Bytes that came and were found right; the next piece begins here. */
  offset: z.number(),
  /** The file has its name. */
  complete: z.boolean(),
  /** The time that the file will have, as it was told. */
  modified: z.string().optional(),
  /** Without a further piece until then, what came is removed. */
  expires_at: z.string(),
});
export type UploadView = z.infer<typeof uploadSchema>;
