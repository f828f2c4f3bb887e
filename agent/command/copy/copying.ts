import type { Output } from "../output.ts";
import type { transferLine } from "./transfer-line.ts";

/** What both directions of a copy share. */
export interface Copying {
  readonly cwd: string;
  readonly output: Output;
  /** The most bytes that are taken onto this machine. */
  readonly limit: number;
  line(what: string, total: number | undefined): ReturnType<typeof transferLine>;
  readonly signal: AbortSignal;
}
