import { PassThrough } from "node:stream";
import { ProvisioningError } from "#provisioning";
import type { BuildBox } from "../build-box.ts";

export interface Carriage {
  readonly from: BuildBox;
  readonly to: BuildBox;
  /** bash's arguments: what sends on its standard output, and what takes that on its standard input. */
  readonly send: readonly string[];
  readonly take: readonly string[];
  /** Of the failure's message. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Streams from one box to another, as fast as the slower one goes. Rejects `image_build_failed`, `cancelled`. */
export async function carry({ from, to, send, take, what, signal }: Carriage): Promise<void> {
  const bytes = new PassThrough();
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const taken = to.exec(take, { input: bytes, signal: both, onOutput: () => {} });
  const sent = from.pipe(send, bytes, both);
  // Of two that fail, both are waited for: nothing goes on in a box that is about to be removed.
  const [first, second] = await Promise.allSettled([taken.catch(endBoth), sent.catch(endBoth)]);
  if (signal.aborted) throw new ProvisioningError("cancelled", "the build was cancelled");
  for (const one of [first, second]) if (one.status === "rejected") throw one.reason;
  const [taking, sending] = [first, second].map((one) => (one.status === "fulfilled" ? one.value : undefined));
  if (taking !== 0 || sending !== 0)
    throw new ProvisioningError("image_build_failed", `${what} could not be carried over`, { detail: { taking, sending } });

  function endBoth(error: unknown): never {
    ended.abort();
    bytes.destroy();
    throw error;
  }
}
