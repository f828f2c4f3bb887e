import { Worker } from "node:worker_threads";
import { type Clock, Limited } from "#foundation";
import type { MergeEnd, MergeFiles, MergeJob } from "./merging.ts";

/** For all files of one start, ms. Ten keys in 250 KB take half a second to one, in YAML of 12,000 keys 3.7 s, on two busy cores. */
const WITHIN = 10_000;
/** Threads at once; each has all that its files may take, and others wait for it at most as long as above. */
const AT_ONCE = 4;
const MOST_MIB = 192;

/**
 * Merges in a thread that is there for one start alone: what a person wrote can hold up, or fill, that one and nothing else. Where it
 * ends early, the file it was at, and all behind it, are left.
 */
export function mergeApart(clock: Clock, within = WITHIN): MergeFiles {
  const threads = new Limited(AT_ONCE);
  return async (jobs) => (jobs.length === 0 ? [] : threads.run(() => merged(jobs, clock, within)));
}

async function merged(jobs: readonly MergeJob[], clock: Clock, within: number): Promise<readonly MergeEnd[]> {
  const worker = new Worker(new URL("./merge-worker.ts", import.meta.url), {
    workerData: jobs,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MOST_MIB, stackSizeMb: 4 },
  });
  const ends: MergeEnd[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  worker.on("message", (one: MergeEnd) => {
    ends.push(one);
    if (ends.length === jobs.length) end();
  });
  // too much memory, or a stack that is too deep, is the file's doing
  worker.on("error", () => end());
  worker.on("exit", () => end());
  const timer = clock.after(within, end);
  await ended;
  timer.cancel();
  await worker.terminate();
  return jobs.map((_, index) => ends[index] ?? { left: "too_slow" });
}
