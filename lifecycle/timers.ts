import type { Clock, Timer } from "#foundation";

/** Named timers: setting one again moves it; none keeps the process alive. */
export class Timers {
  readonly #timers = new Map<string, Timer>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(name: string, milliseconds: number, run: () => void): void {
    this.cancel(name);
    // A timer beyond 2^31 ms would fire at once; a day later it is set again by whoever looks.
    const bounded = Math.min(milliseconds, 86_400_000);
    const timer = this.#clock.after(
      bounded,
      () => {
        this.#timers.delete(name);
        if (bounded < milliseconds) this.set(name, milliseconds - bounded, run);
        else run();
      },
      { unref: true },
    );
    this.#timers.set(name, timer);
  }

  cancel(name: string): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
