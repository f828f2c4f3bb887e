/** Counts the open streams of each person and of all. */
export class StreamSlots {
  readonly #open = new Map<string, number>();
  readonly #perPerson: number;
  readonly #most: number;
  #all = 0;

  constructor(perPerson: number, most: number) {
    this.#perPerson = perPerson;
    this.#most = most;
  }

  get open(): number {
    return this.#all;
  }

  /** A function that frees the slot (once), or undefined when there are too many. */
  take(person: string): (() => void) | undefined {
    const mine = this.#open.get(person) ?? 0;
    if (mine >= this.#perPerson || this.#all >= this.#most) return undefined;
    this.#open.set(person, mine + 1);
    this.#all++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#all--;
      const left = (this.#open.get(person) ?? 1) - 1;
      if (left === 0) this.#open.delete(person);
      else this.#open.set(person, left);
    };
  }
}
