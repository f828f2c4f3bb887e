import type { SourceFault } from "../source-access-error.ts";

export interface SourceFinding {
  readonly code: SourceFault;
  readonly message: string;
  readonly remedy: string;
}

export interface SourceFacts {
  /** As it calls itself: "15.4". Undefined: it was not reached. */
  readonly version?: string;
  /** How many tables and views each group role may read, or write. */
  readonly readable?: number;
  readonly writable?: number;
}

export interface SourceReport {
  readonly facts: SourceFacts;
  /** With any of these it must not be used. */
  readonly faults: readonly SourceFinding[];
  /** What an operator should know of it. */
  readonly notes: readonly string[];
}
