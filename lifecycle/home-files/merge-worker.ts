import { parentPort, workerData } from "node:worker_threads";
import { mergedText } from "#applications";
import type { MergeJob } from "./merging.ts";

/** The other side of `merge-apart.ts`: one answer a job, as each is done. */
for (const { file, merging } of workerData as readonly MergeJob[]) parentPort?.postMessage(mergedText(file, merging));
