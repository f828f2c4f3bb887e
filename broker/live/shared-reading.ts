import type { Clock } from "#foundation";

/** One reading for all who want to know the same at about the same time: what three hundred watch is not read three hundred times. */
export class SharedReading<T> {
  readonly #read: () => Promise<T>;
  readonly #clock: Clock;
  readonly #fresh: number;
  #underWay: Promise<T> | undefined;
  #last: { readonly value: T; readonly at: number } | undefined;

  /** What was read is good for `fresh` ms. */
  constructor(read: () => Promise<T>, clock: Clock, fresh: number) {
    this.#read = read;
    this.#clock = clock;
    this.#fresh = fresh;
  }

  /** As of a moment ago. */
  async recent(): Promise<T> {
    const last = this.#last;
    return last !== undefined && this.#clock.monotonic() - last.at < this.#fresh ? last.value : this.anew();
  }

  /** As of now; who asks while it is being read gets the same. */
  anew(): Promise<T> {
    this.#underWay ??= this.#read()
      .then((value) => {
        this.#last = { value, at: this.#clock.monotonic() };
        return value;
      })
      .finally(() => {
        this.#underWay = undefined;
      });
    return this.#underWay;
  }
}
