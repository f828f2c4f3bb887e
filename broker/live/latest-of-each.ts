/** Does work per key, one at a time; asked again meanwhile, once more afterwards: the last result is of the present. */
export class LatestOfEach {
  readonly #work: (key: string) => Promise<void>;
  readonly #running = new Map<string, "once" | "again">();

  /** `work` does not reject. */
  constructor(work: (key: string) => Promise<void>) {
    this.#work = work;
  }

  ask(key: string): void {
    if (this.#running.has(key)) this.#running.set(key, "again");
    else void this.#run(key);
  }

  async #run(key: string): Promise<void> {
    do {
      this.#running.set(key, "once");
      await this.#work(key);
    } while (this.#running.get(key) === "again");
    this.#running.delete(key);
  }
}
