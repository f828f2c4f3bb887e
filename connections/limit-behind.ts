import type { LimitNote } from "@guise/contract";
import type { StreamWatch } from "./stream-watch.ts";

/** 128 + SIGKILL: what the kernel's end of a program looks like, and a person's. */
const KILLED = 137;

/** What stands behind the end of a program that began then, by the monotonic clock: asked only after an end that may have been the kernel's. */
export async function limitBehind(exit: number, began: number, watch: Pick<StreamWatch, "killedSince">): Promise<{ limit?: LimitNote }> {
  const limit = exit === KILLED ? await watch.killedSince(began) : undefined;
  return limit === undefined ? {} : { limit };
}
