import { plainLines } from "@guise/contract";
import { ProvisioningError } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import { OutputLines } from "./output-lines.ts";

/** Progress is no part of what a failure is explained with. */
export type LineKind = "progress" | "words";

export interface BoxRun {
  readonly input?: string;
  /** The failure's first line. */
  readonly failure: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => LineKind;
}

/** Lines that are kept for the message of a failure. */
const TAIL = 20;

/**
 * Runs bash in a box and hands every line of its output on, cleaned. Rejects `image_build_failed` with `failure` and the last lines when
 * it fails, `cancelled` when the signal came.
 */
export async function runInBox(
  box: Pick<BuildBox, "exec">,
  args: readonly string[],
  { input = "", failure, signal, onLine }: BoxRun,
): Promise<void> {
  const tail: string[] = [];
  const take = (text: string) => {
    const line = plainLines(text);
    if (onLine?.(line) === "progress") return;
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
  };
  // one reader per stream: their lines would be cut into each other
  const lines = { stdout: new OutputLines(take), stderr: new OutputLines(take) };
  const exit = await box.exec(args, { input, signal, onOutput: (stream, bytes) => lines[stream].push(bytes) });
  for (const stream of Object.values(lines)) stream.end();
  if (signal?.aborted === true) throw new ProvisioningError("cancelled", "the build was cancelled");
  if (exit !== 0) throw new ProvisioningError("image_build_failed", [failure, ...tail].join("\n"), { detail: { exit } });
}
