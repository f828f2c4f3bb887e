/** Waiting between attempts: doubling from `first` to `longest` ms, each between half and whole, so that many agents do not return at once. */
export function backOff(attempt: number, random: () => number, first = 100, longest = 5000): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempt, 20));
  return whole / 2 + (whole / 2) * random();
}

/** What the SDK knows of time; tests give one that does not wait. */
export interface Timing {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    });
  },
  random: Math.random,
};
