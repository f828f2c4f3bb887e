/** How long something took in the past, ms, to draw from what it may take now. `random` gives numbers of [0, 1). */
export class PastDurations {
  readonly #sorted: readonly number[];

  constructor(durations: readonly number[]) {
    this.#sorted = [...durations].sort((a, b) => a - b);
  }

  get count(): number {
    return this.#sorted.length;
  }

  /** Of one that begins. */
  draw(random: () => number): number {
    return this.#sorted[Math.floor(random() * this.#sorted.length)] ?? 0;
  }

  /**
   * What is left of one that has gone on for `age` already: it will be one of those that took longer. Where none did, what has lasted
   * goes on about as long again.
   */
  drawRest(age: number, random: () => number): number {
    const first = firstAbove(this.#sorted, age);
    const longer = this.#sorted.length - first;
    if (longer === 0) return age * (0.5 + random());
    return (this.#sorted[first + Math.floor(random() * longer)] ?? age) - age;
  }
}

function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The tenth, the half and nine tenths of what was drawn. */
export function spreadOf(drawn: readonly number[]): { readonly low: number; readonly likely: number; readonly high: number } {
  const sorted = [...drawn].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return { low: at(0.1), likely: at(0.5), high: at(0.9) };
}
