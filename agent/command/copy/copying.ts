import type { App } from "../app.ts";
import type { Output } from "../output.ts";
import { transferLine } from "./transfer-line.ts";

/** What both directions of a copy share. */
export interface Copying {
  readonly cwd: string;
  readonly output: Output;
  /** The most bytes that are taken onto this machine. */
  readonly limit: number;
  line(what: string, total: number | undefined): ReturnType<typeof transferLine>;
  readonly signal: AbortSignal;
}

export function copyingOf({ context, output }: App, limit: number, signal: AbortSignal): Copying {
  const line = (what: string, total: number | undefined) => transferLine(output, what, total, () => performance.now());
  return { cwd: context.cwd, output, limit, line, signal };
}
