import { z } from "zod";
import { shellPath } from "../shell-path.ts";

/** What is known of an upload, as it lies in the home. The home is its person's: whatever is read there is checked, and works with the workspace's own rights. */
const recordSchema = z.object({
  path: z.string().min(1).max(4096),
  /** Of the whole file. */
  bytes: z.int().min(0),
  /** Bytes that came and were found right. */
  offset: z.int().min(0),
  /** Permission bits of a file that is new. */
  mode: z.int().min(0).max(0o777).optional(),
  /** The file's time, ms since the epoch. */
  modified: z.int().optional(),
  /** All is there, and the name is being given: who finds no part any more knows that it was. */
  naming: z.literal(true).optional(),
});
export type UploadRecord = z.infer<typeof recordSchema>;

/** Where an upload stands. */
export interface UploadStand extends UploadRecord {
  readonly id: string;
  readonly complete: boolean;
  /** Of its last confirmed piece, ms since the epoch. */
  readonly changed: number;
}

/** A name that the part of an upload has; nothing else is ever removed for one. */
export const PART = ".guise-upload-";
/** Folder of the records, below the home. */
export const RECORDS = "./.local/state/guise/uploads";

/** Hidden, and in the same folder as the file will be: only there can it be given its name in one step. */
export function partOf(id: string, path: string): string {
  const inside = shellPath(path);
  return `${inside.slice(0, inside.lastIndexOf("/") + 1)}${PART}${id.replace(/^upload-/, "")}`;
}

/** One line; behind it in the file stands the part's own path, for what removes leftovers. */
export function lineOf(record: UploadRecord): string {
  return JSON.stringify(record);
}

/** From what the scripts tell: the part's bytes or "-", when the record was written, and the record. Undefined: there is no such upload any more. */
export function standOf(id: string, told: string): UploadStand | undefined {
  const [facts = "", line = ""] = told.split("\n", 2);
  const match = /^(-|\d{1,16}) (\d{1,12})$/.exec(facts);
  const record = recordIn(line);
  if (match === null || record === undefined || record.offset > record.bytes) return undefined;
  const [, size, seconds] = match;
  const hasPart = size !== "-";
  // Taken away by somebody, or cut: what was confirmed is not there.
  if (hasPart ? Number(size) < record.offset : record.naming !== true) return undefined;
  return { ...record, id, complete: !hasPart, changed: Number(seconds) * 1000 };
}

function recordIn(line: string): UploadRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
