/** What a signal asks for. `same`: another way of the one before. */
export type StopAsk = "suspend" | "stop" | "hurry" | "end" | "same";

/**
 * One Ctrl-C arrives up to four times: from the terminal, and passed on by npm and by the process that started this one. All of
 * them come within this, ms, also on a busy machine; a person who asks again does so after having read what is said.
 */
const ONE_ASK = 1_000;

/** Tells how often people asked Guise to stop, whichever way their signals came. */
export class StopAsks {
  #asked = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** `now` in ms of any clock that only goes forward. */
  take(signal: NodeJS.Signals, now: number): StopAsk {
    if (now - this.#last < ONE_ASK) return "same";
    this.#last = now;
    this.#asked += 1;
    if (this.#asked === 1) return signal === "SIGINT" ? "suspend" : "stop";
    return this.#asked === 2 ? "hurry" : "end";
  }
}
