import { performance } from "node:perf_hooks";

/** Time comes in through this seam; tests move it by hand. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For what people and databases see. */
  now(): number;
  /** Monotonic milliseconds. For durations; a jump of the wall clock does not touch it. */
  monotonic(): number;
  /** Calls `run` once after `milliseconds`; `unref` lets the process end before that. */
  after(milliseconds: number, run: () => void, options?: { unref?: boolean }): Timer;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, run, options) {
    const timer = setTimeout(run, milliseconds);
    if (options?.unref === true) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A clock that stands still until `advance` is called; due timers then run in order. */
export class ManualClock implements Clock {
  #now: number;
  #monotonic = 0;
  #timers: { at: number; run: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(milliseconds: number, run: () => void): Timer {
    const timer = { at: this.#monotonic + milliseconds, run };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Milliseconds to the next timer; undefined when none is set. */
  untilNext(): number | undefined {
    if (this.#timers.length === 0) return undefined;
    return Math.max(0, Math.min(...this.#timers.map(({ at }) => at)) - this.#monotonic);
  }

  advance(milliseconds: number): void {
    const until = this.#monotonic + milliseconds;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now += next.at - this.#monotonic;
      this.#monotonic = next.at;
      next.run();
    }
    this.#now += until - this.#monotonic;
    this.#monotonic = until;
  }
}

/** Resolves after `milliseconds`, or rejects with the signal's reason. */
export function delay(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(milliseconds, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}
