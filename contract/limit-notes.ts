import { z } from "zod";

/** The limits of a workspace that its programs can run into, and what happens then. */
export const LIMIT_KINDS = {
  memory: { mark: "killed", meaning: "A program wanted more ram than the workspace has, and the kernel ended it." },
  processes: { mark: "no more processes", meaning: "A program wanted to start another process and was refused." },
  storage: { mark: "home full", meaning: "The home has no room left; what is written to it is refused." },
  files: { mark: "home full", meaning: "The home can hold no more files and folders; new ones are refused." },
  ingress: { mark: "slowed down", meaning: "Its programs received as fast as they may; packets were dropped." },
  egress: { mark: "slowed down", meaning: "Its programs sent as fast as they may; packets were dropped." },
} as const satisfies Readonly<Record<string, { readonly mark: string; readonly meaning: string }>>;

export type LimitKind = keyof typeof LIMIT_KINDS;
export const LIMIT_KIND_NAMES = Object.keys(LIMIT_KINDS) as LimitKind[];

/** A limit that was hit; what happens again within a minute is counted in the same note. */
export const limitNoteSchema = z.object({
  limit: z.enum(LIMIT_KIND_NAMES as [LimitKind, ...LimitKind[]]),
  /** RFC 3339: the last time, by the kernel's log where it can be read, else when it was noticed. */
  at: z.string(),
  /** How often; packets count once a look. */
  count: z.number().int(),
  /** Whom the kernel ended, where its log says so. */
  program: z.string().optional(),
  /** What happened, with the numbers in it. */
  message: z.string(),
  /** What to do about it. */
  remedy: z.string(),
});
export type LimitNote = z.infer<typeof limitNoteSchema>;

/** "killed: python3 used more than the 256 MiB ram of this workspace at 12:03:04; try: …", in the reader's time of day. */
export function limitText({ limit, at, count, message, remedy }: LimitNote): string {
  const times = count === 1 ? "" : `, the last of ${count} within a minute`;
  return `${LIMIT_KINDS[limit].mark}: ${message} at ${timeOfDay(at)}${times}; ${remedy}`;
}

/** The same by somebody who does not know the reader's time of day. */
export function limitNews({ limit, at, message, remedy }: Pick<LimitNote, "limit" | "at" | "message" | "remedy">): string {
  return `${LIMIT_KINDS[limit].mark}: ${message} at ${new Date(at).toISOString().slice(11, 19)} UTC; ${remedy}`;
}

/** "killed at 12:03:04", where there is room for no more. */
export function limitMark({ limit, at }: Pick<LimitNote, "limit" | "at">): string {
  return `${LIMIT_KINDS[limit].mark} at ${timeOfDay(at)}`;
}

function timeOfDay(at: string): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
