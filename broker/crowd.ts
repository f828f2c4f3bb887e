import type { Duplex } from "node:stream";

/** One open connection. */
export interface Held {
  readonly socket: Duplex;
  /** Requests under way on it. */
  busy: number;
  /** Whose it is, once somebody is signed in on it. */
  person: string | undefined;
  /** Monotonic ms, when a request last began or ended on it. */
  since: number;
}

/** Open connections in the order in which something last happened on them, and what has to go where there are too many. */
export class Crowd {
  readonly #members = new Set<Held>();
  readonly #ofPerson = new Map<string, number>();
  #idle = 0;

  get size(): number {
    return this.#members.size;
  }

  get oldest(): Held | undefined {
    return this.#members.values().next().value;
  }

  get idle(): number {
    return this.#idle;
  }

  add(held: Held): void {
    this.#members.add(held);
    if (held.busy === 0) this.#idle++;
    if (held.person !== undefined) this.#ofPerson.set(held.person, this.countOf(held.person) + 1);
  }

  remove(held: Held): void {
    if (!this.#members.delete(held)) return;
    if (held.busy === 0) this.#idle--;
    if (held.person === undefined) return;
    const left = this.countOf(held.person) - 1;
    if (left === 0) this.#ofPerson.delete(held.person);
    else this.#ofPerson.set(held.person, left);
  }

  /** A request began or ended on it. */
  moved(held: Held, by: 1 | -1): void {
    const isMember = this.#members.delete(held);
    if (isMember && held.busy === 0) this.#idle--;
    held.busy += by;
    if (isMember && held.busy === 0) this.#idle++;
    if (isMember) this.#members.add(held);
  }

  countOf(person: string): number {
    return this.#ofPerson.get(person) ?? 0;
  }

  /** The one that nobody has used for longest, of all or of one person. */
  longestIdle(person?: string): Held | undefined {
    for (const held of this.#members) if (held.busy === 0 && (person === undefined || held.person === person)) return held;
    return undefined;
  }

  longestBusy(): Held | undefined {
    for (const held of this.#members) if (held.busy > 0) return held;
    return undefined;
  }
}
