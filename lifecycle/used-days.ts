import type { UsageDaySum, UsageStore, UsageSubject, UsageSum } from "#repository";
import { DayBook } from "#usage";

/** What is used on each day: noted in a book, which is emptied into the store, and told with what is not saved yet. */
export class UsedDays {
  readonly book = new DayBook();
  readonly #store: Pick<UsageStore, "save" | "sums" | "daySums">;

  constructor(store: Pick<UsageStore, "save" | "sums" | "daySums">) {
    this.#store = store;
  }

  /** What everybody used from that day on (ms since the epoch), summed up. */
  async usedSince(subject: UsageSubject, since: number): Promise<readonly UsageSum[]> {
    await this.#save();
    return this.#store.sums(subject, since);
  }

  /** For how long it ran on each of those days. */
  async usedByDaySince(subject: UsageSubject, since: number): Promise<readonly UsageDaySum[]> {
    await this.#save();
    return this.#store.daySums(subject, since);
  }

  async #save(): Promise<void> {
    const days = this.book.take();
    if (days.length > 0) await this.#store.save([], [], days);
  }
}
