import type { Clock } from "#foundation";

/** Whoever is quiet for this many others is forgotten: memory stays bounded, and a forgotten bucket was nearly full. */
const MOST_BUCKETS = 10_000;

/** Lets `burst` through at once, then `perSecond`, for each key apart. */
export class TokenBuckets {
  readonly #buckets = new Map<string, { level: number; at: number }>();
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** 0 when let through, else the seconds after which the next one is. */
  take(key: string): number {
    const at = this.#clock.monotonic();
    const before = this.#buckets.get(key) ?? { level: this.#burst, at };
    const level = Math.min(this.#burst, before.level + ((at - before.at) / 1000) * this.#perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { level: level < 1 ? level : level - 1, at });
    this.#forgetQuietest();
    return level < 1 ? Math.max(1, Math.ceil((1 - level) / this.#perSecond)) : 0;
  }

  #forgetQuietest(): void {
    if (this.#buckets.size <= MOST_BUCKETS) return;
    const quietest = this.#buckets.keys().next().value;
    if (quietest !== undefined) this.#buckets.delete(quietest);
  }
}
