import type { Clock, Log, Timer } from "#foundation";
import type { Guard } from "./guard.ts";

/** Waits between attempts to fill the pool, in ms; the last repeats. */
const PAUSES = [500, 2_000, 10_000, 30_000];

/**
 * Guards started ahead of demand, closed to everything. Each serves one sandbox and is never taken back: what a crashed
 * process left is removed, not reused, for nobody knows what it has allowed.
 */
export class GuardPool {
  readonly #size: number;
  readonly #start: () => Promise<Guard>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ready: Guard[] = [];
  #filling: Promise<void> | undefined;
  #failures = 0;
  #timer: Timer | undefined;
  #isOpen = false;

  constructor(options: { readonly size: number; readonly start: () => Promise<Guard>; readonly clock: Clock; readonly log: Log }) {
    this.#size = options.size;
    this.#start = options.start;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** From now on the pool fills itself. */
  open(): void {
    this.#isOpen = true;
    this.refill();
  }

  get waiting(): readonly Guard[] {
    return this.#ready;
  }

  /** A pooled guard, or a new one where none is there. The caller refills when its own work is done: a refill takes a core for 400 ms. */
  async take(): Promise<Guard> {
    return this.#ready.shift() ?? (await this.#start());
  }

  refill(): void {
    if (!this.#isOpen || this.#filling !== undefined || this.#timer !== undefined || this.#ready.length >= this.#size) return;
    this.#filling = this.#fill().finally(() => {
      this.#filling = undefined;
      this.refill();
    });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#timer?.cancel();
    await this.#filling;
    await Promise.allSettled(this.#ready.splice(0).map((guard) => guard.remove()));
  }

  async #fill(): Promise<void> {
    try {
      const guard = await this.#start();
      this.#failures = 0;
      if (!this.#isOpen) return void (await guard.remove());
      this.#ready.push(guard);
      void guard.closed.then(() => this.#lose(guard));
    } catch (error) {
      const pause = PAUSES[Math.min(this.#failures++, PAUSES.length - 1)] ?? 0;
      this.#log.debug({ error, pause }, "a guard for the pool did not start");
      this.#timer = this.#clock.after(
        pause,
        () => {
          this.#timer = undefined;
          this.refill();
        },
        { unref: true },
      );
    }
  }

  /** A pooled guard that cannot be ordered any more is of no use. */
  #lose(guard: Guard): void {
    const at = this.#ready.indexOf(guard);
    if (at < 0) return;
    this.#ready.splice(at, 1);
    void guard.remove().catch(() => {});
    this.refill();
  }
}
