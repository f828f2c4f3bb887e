import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

export interface Turns {
  readonly clock: Clock;
  readonly log: Log;
  /** Ms between the end of one turn and the beginning of the next. */
  readonly pause: number;
  /** Ms before the first one; without it as long as between two. */
  readonly first?: number;
  /** What the log says of a turn that failed; the next one comes all the same. */
  readonly failed: string;
}

/** One turn after another until the end, for which the turn under way is waited; its failure is then nobody's concern. */
export function repeat({ clock, log, pause, first = pause, failed }: Turns, turn: () => Promise<unknown>): () => Promise<void> {
  let ended = false;
  let running: Promise<unknown> | undefined;
  let timer = after(first);
  function after(milliseconds: number) {
    return clock.after(
      milliseconds,
      () => {
        running = turn()
          .catch((error: unknown) => {
            if (!ended) log.warn({ err: error }, failed);
          })
          .finally(() => {
            if (!ended) timer = after(pause);
          });
      },
      { unref: true },
    );
  }
  return async () => {
    ended = true;
    timer.cancel();
    await running;
  };
}
