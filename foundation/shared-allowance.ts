/** One holder's part of it. */
export interface Share {
  /** What it may hold now. */
  readonly most: number;
  /** It holds so much from now on; nothing when it ends. */
  hold(amount: number): void;
}

/**
 * Something of which there is one amount for many, such as memory for what waits for readers. While there is room, each may hold `most`;
 * where all together hold `all`, each goes on with `least`. So the whole is bounded, and nobody is starved by others.
 */
export class SharedAllowance {
  readonly #all: number;
  readonly #most: number;
  readonly #least: number;
  #held = 0;

  constructor(options: { readonly all: number; readonly most: number; readonly least: number }) {
    this.#all = options.all;
    this.#most = options.most;
    this.#least = options.least;
  }

  get held(): number {
    return this.#held;
  }

  share(): Share {
    const mostNow = () => (this.#held < this.#all ? this.#most : this.#least);
    let mine = 0;
    return {
      get most() {
        return mostNow();
      },
      hold: (amount) => {
        this.#held += amount - mine;
        mine = amount;
      },
    };
  }
}
