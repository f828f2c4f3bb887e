/** Ms of each turn of the event loop that strangers' work may take. */
const TURN = 2;

/**
 * The part of the one thread that work of strangers' making may take: it is done in slices, and after a few milliseconds everybody else's
 * comes first. Without it a sandbox that prints a hundred bytes at a time held the thread for seconds: 64 KiB of that are 600 packets to
 * decrypt, and one turn of the loop reads as many as 32 times.
 */
export class ThreadShare {
  readonly #now: () => number;
  readonly #most: number;
  readonly #waiting: (() => boolean)[] = [];
  #until: number | undefined;

  /** `now`: ms of a monotonic clock. `most`: ms of a turn. */
  constructor(now: () => number = () => performance.now(), most: number = TURN) {
    this.#now = now;
    this.#most = most;
  }

  /** Calls `slice` until it says that nothing is left: at once as long as this turn has time, then turn by turn, one slice after everybody else's. */
  spend(slice: () => boolean): void {
    this.#until ??= this.#begin();
    while (this.#waiting.length === 0 && this.#now() < this.#until) if (!slice()) return;
    this.#waiting.push(slice);
  }

  #begin(): number {
    setImmediate(() => this.#turn());
    return this.#now() + this.#most;
  }

  #turn(): void {
    this.#until = undefined;
    if (this.#waiting.length === 0) return;
    this.#until = this.#begin();
    do {
      const slice = this.#waiting.shift();
      if (slice?.()) this.#waiting.push(slice);
    } while (this.#waiting.length > 0 && this.#now() < this.#until);
  }
}

/** There is one thread. */
export const THREAD_SHARE = new ThreadShare();
