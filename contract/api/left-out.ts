import { z } from "zod";

/** The pax record of the last entry of a folder's archive, by which the agent knows it for what it is: JSON of `leftOutSchema`. */
export const LEFT_OUT_RECORD = "GUISE.left_out";

/** Why something of a folder is not in its archive. */
export const LEFT_OUT_REASONS = {
  unreadable_file: "is a file that its own owner may not read",
  unreadable_folder: "is a folder that its own owner may not look into",
  socket: "is a socket",
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** What is not whole in an archive of GET /v1/workspaces/{id}/files?as=tar. */
export const leftOutSchema = z.object({
  entries: z.array(z.object({ path: z.string(), reason: z.enum(Object.keys(LEFT_OUT_REASONS) as [LeftOutReason, ...LeftOutReason[]]) })),
  /** More than are named. */
  more: z.boolean(),
  /** What the packing program said of files that changed or went away while they were read. */
  said: z.array(z.string()),
});
export type LeftOutReport = z.infer<typeof leftOutSchema>;
