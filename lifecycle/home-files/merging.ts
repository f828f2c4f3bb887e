import type { LeftFileReason } from "@guise/contract";
import type { Merging } from "#applications";

/** A text of a person, and what is to be set in it. */
export interface MergeJob {
  readonly file: Uint8Array;
  readonly merging: Merging;
}

export type MergeEnd = { readonly text: Uint8Array; readonly left?: never } | { readonly left: LeftFileReason; readonly text?: never };

/** One end for each job, in their order; what takes too long is `too_slow`. */
export type MergeFiles = (jobs: readonly MergeJob[]) => Promise<readonly MergeEnd[]>;
