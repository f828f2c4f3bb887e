import { compareQueued, type Queued } from "./order.ts";

/** Demands that may have room now, handed out in queue order. A binary heap; a demand is in it once, and once more with each other turn. */
export class Candidates {
  readonly #heap: Queued[] = [];
  readonly #known = new Set<Queued>();

  push(demand: Queued): void {
    if (this.#known.has(demand)) return;
    this.#known.add(demand);
    let at = this.#heap.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || compareQueued(parent, demand) <= 0) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = demand;
  }

  pop(): Queued | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#known.delete(first);
    if (this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts a demand into the empty top and lets it sink to its place. */
  #sink(demand: Queued): void {
    let at = 0;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = this.#heap[leftAt];
      if (left === undefined) break;
      const right = this.#heap[leftAt + 1];
      const rightFirst = right !== undefined && compareQueued(right, left) < 0;
      const child = rightFirst ? right : left;
      if (compareQueued(demand, child) <= 0) break;
      this.#heap[at] = child;
      at = rightFirst ? leftAt + 1 : leftAt;
    }
    this.#heap[at] = demand;
  }
}
