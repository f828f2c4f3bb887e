import type { Clock } from "#foundation";

/** Ms after which a round waits no more. */
const PATIENCE = 3_000;

/**
 * Looks at many things, each on its own: all at once, and one whose look does not end is left out of the next rounds until it does. So that
 * a sandbox that answers nothing keeps nobody from being looked at.
 */
export class Looks {
  readonly #clock: Clock;
  readonly #underWay = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when everybody was looked at, or patience is over; what is then still looked at goes on. `look` does not reject. */
  async round<T extends { readonly id: string }>(all: readonly T[], look: (one: T) => Promise<void>): Promise<void> {
    const looks = all.filter(({ id }) => !this.#underWay.has(id)).map((one) => this.#one(one, look));
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(PATIENCE, resolve, { unref: true });
    await Promise.race([Promise.all(looks), over]);
    timer.cancel();
  }

  async #one<T extends { readonly id: string }>(one: T, look: (one: T) => Promise<void>): Promise<void> {
    this.#underWay.add(one.id);
    try {
      await look(one);
    } finally {
      this.#underWay.delete(one.id);
    }
  }
}
