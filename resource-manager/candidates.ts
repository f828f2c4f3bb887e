import type { Demand } from "./model.ts";
import { compareDemands } from "./order.ts";

/** Demands that may have room now, handed out in queue order. A binary heap; a demand is in it once. */
export class Candidates {
  readonly #heap: Demand[] = [];
  readonly #ids = new Set<string>();

  push(demand: Demand): void {
    if (this.#ids.has(demand.id)) return;
    this.#ids.add(demand.id);
    let at = this.#heap.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || compareDemands(parent, demand) <= 0) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = demand;
  }

  pop(): Demand | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#ids.delete(first.id);
    if (this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts a demand into the empty top and lets it sink to its place. */
  #sink(demand: Demand): void {
    let at = 0;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = this.#heap[leftAt];
      if (left === undefined) break;
      const right = this.#heap[leftAt + 1];
      const rightFirst = right !== undefined && compareDemands(right, left) < 0;
      const child = rightFirst ? right : left;
      if (compareDemands(demand, child) <= 0) break;
      this.#heap[at] = child;
      at = rightFirst ? leftAt + 1 : leftAt;
    }
    this.#heap[at] = demand;
  }
}
