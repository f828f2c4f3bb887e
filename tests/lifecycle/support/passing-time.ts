import type { ManualClock } from "#foundation";

/** Turns of the event loop without a word from the store, after which whatever was begun waits for time to pass. */
const QUIET_TURNS = 4;
/** Simulated ms after which what is waited for will not come. */
const PATIENCE = 30 * 60_000;

interface Waiter {
  readonly holds: () => Promise<boolean>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Simulated time: it stands still while anything happens, and jumps to the next timer when nothing does and somebody waits. A test that
 * waits for a retry after two seconds takes a few real milliseconds, on a busy machine as on a quiet one.
 */
export class PassingTime {
  readonly #clock: ManualClock;
  readonly #isBusy: () => boolean;
  readonly #waiters = new Set<Waiter>();
  #passes = false;

  /** `isBusy`: whether the store has been asked something that it has not answered. */
  constructor(clock: ManualClock, isBusy: () => boolean) {
    this.#clock = clock;
    this.#isBusy = isBusy;
  }

  /** Lets as much time pass as it takes; rejects when half an hour of it changed nothing. */
  until(holds: () => Promise<boolean>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ holds, resolve, reject });
      if (!this.#passes) void this.#pass();
    });
  }

  /** So much time passes, timer by timer, and what each of them begins comes to rest. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#clock.monotonic() + milliseconds;
    let isOver = false;
    this.#clock.after(milliseconds, () => {
      isOver = true;
    });
    await this.until(async () => isOver || this.#clock.monotonic() >= end);
  }

  async #pass(): Promise<void> {
    this.#passes = true;
    let waited = 0;
    while (this.#waiters.size > 0) {
      await this.#quiet();
      if (await this.#settle()) waited = 0;
      else waited += await this.#jump();
      if (waited > PATIENCE) this.#giveUp();
    }
    this.#passes = false;
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      await new Promise(setImmediate);
      if (this.#isBusy()) turns = -1;
    }
  }

  /** Whether somebody's waiting is over. */
  async #settle(): Promise<boolean> {
    let some = false;
    for (const waiter of [...this.#waiters]) {
      try {
        if (!(await waiter.holds())) continue;
        waiter.resolve();
      } catch (error) {
        waiter.reject(error instanceof Error ? error : new Error(String(error)));
      }
      this.#waiters.delete(waiter);
      some = true;
    }
    return some;
  }

  /** Without a timer something real is under way: it gets a millisecond. */
  async #jump(): Promise<number> {
    const step = this.#clock.untilNext();
    if (step === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    else this.#clock.advance(step);
    return step ?? 1_000;
  }

  #giveUp(): void {
    for (const waiter of this.#waiters) waiter.reject(new Error("half an hour of simulated time did not bring it about"));
    this.#waiters.clear();
  }
}
