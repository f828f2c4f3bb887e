import { z } from "zod";
import { limitNoteSchema } from "./limit-notes.ts";

/** First message of /v1/workspaces/{id}/exec, from the client. */
export const execStartSchema = z.strictObject({
  kind: z.literal("start"),
  /** Arguments, not shell text; absent: a login shell. */
  command: z.array(z.string().max(131_072)).min(1).max(10_000).optional(),
  terminal: z
    .strictObject({
      columns: z.number().int().min(1).max(1000),
      rows: z.number().int().min(1).max(1000),
      type: z
        .string()
        .max(64)
        .regex(/^[A-Za-z0-9.+-]+$/),
    })
    .optional(),
  /**
   * For the terminal of a launch: who views it, the same name after a drop, and the offset of the first byte that is wanted (without it,
   * what was last). Such a viewer says what it has taken; at most 256 KiB are on their way to it.
   */
  viewer: z
    .strictObject({
      name: z
        .string()
        .max(64)
        .regex(/^[a-z0-9-]+$/),
      from: z.number().int().min(0).optional(),
    })
    .optional(),
});
export type ExecStart = z.infer<typeof execStartSchema>;

export const clientControlSchema = z.discriminatedUnion("kind", [
  execStartSchema,
  z.strictObject({ kind: z.literal("resize"), columns: z.number().int().min(1).max(1000), rows: z.number().int().min(1).max(1000) }),
  z.strictObject({ kind: z.literal("signal"), signal: z.enum(["INT", "TERM", "HUP", "KILL", "QUIT", "WINCH"]) }),
  /** The client will send no more standard input. */
  z.strictObject({ kind: z.literal("end") }),
  /** A viewer has taken all output before this offset. */
  z.strictObject({ kind: z.literal("taken"), offset: z.number().int().min(0) }),
  /** A viewer goes for good: its place is not kept. */
  z.strictObject({ kind: z.literal("leave") }),
]);
export type ClientControl = z.infer<typeof clientControlSchema>;

export const serverControlSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("started"),
    /** To a viewer: the offset of the first byte that comes (behind what it wanted where that is not kept), the offset of the present. */
    offset: z.number().int().optional(),
    present: z.number().int().optional(),
    /** Bytes of its input that have arrived. */
    received: z.number().int().optional(),
  }),
  /** To a viewer: bytes of its input that have arrived. */
  z.object({ kind: z.literal("received"), bytes: z.number().int() }),
  /**
   * The last message. `signal` is set when the command was ended by one; `exit` is then 128 + its number. `limit`: the kernel ended a
   * program of the workspace while it ran, because of its ram.
   */
  z.object({ kind: z.literal("exit"), exit: z.number().int(), signal: z.string().optional(), limit: limitNoteSchema.optional() }),
  /** What concerns the workspace, beside the stream: it is about to be suspended, say. Never part of what the program writes. */
  z.object({ kind: z.literal("notice"), message: z.string() }),
  z.object({ kind: z.literal("error"), code: z.string(), message: z.string() }),
]);
export type ServerControl = z.infer<typeof serverControlSchema>;
