import type { Duplex } from "node:stream";
import type { Clock, Log } from "#foundation";
import type { Channel } from "#provisioning";

/** Ms in which what was started says its first word, however busy the machine is: it waits for nothing before. */
const SAYS_WITHIN = 8_000;

export interface OpenOverExecOptions {
  /** Starts the server inside, over a command of the engine's. */
  readonly start: () => Promise<Duplex>;
  /** Whether anything at all has come of it. */
  readonly hasSpoken: () => boolean;
  readonly open: (duplex: Duplex) => Promise<Channel>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens a channel over a command of the engine's. One of which nothing at all comes is started once more: of an engine that had just come
 * back one was seen that was never heard of again. Rejects as `start` and `open` do.
 */
export async function openOverExec({ start, hasSpoken, open, clock, log }: OpenOverExecOptions): Promise<Channel> {
  const duplex = await start();
  let isGivenUp = false;
  const silence = clock.after(SAYS_WITHIN, () => {
    if (hasSpoken()) return;
    isGivenUp = true;
    duplex.destroy();
  });
  try {
    return await open(duplex);
  } catch (error) {
    if (!isGivenUp) throw error;
    log.warn({}, "a command of the engine's said nothing; it is started once more");
  } finally {
    silence.cancel();
  }
  return open(await start());
}
