import type { Clock } from "#foundation";

/** One round after another, with a pause between them; gives how to end that, which waits for the round under way. */
export function repeat(clock: Clock, pause: number, round: () => Promise<unknown>): () => Promise<void> {
  let stopped = false;
  let running: Promise<unknown> | undefined;
  let timer = next();
  function next() {
    return clock.after(
      pause,
      () => {
        running = round().finally(() => {
          running = undefined;
          if (!stopped) timer = next();
        });
      },
      { unref: true },
    );
  }
  return async () => {
    stopped = true;
    timer.cancel();
    await running;
  };
}
