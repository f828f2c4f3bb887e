import type { Readable } from "node:stream";

/** Bytes a second of a build's output that are read in the long run, and at once. A real build says less in all. */
const BYTES_PER_SECOND = 2 ** 20;
const BURST = 4 * 2 ** 20;

/**
 * Reads a build's output no faster than is good for everybody else: cleaning and cutting 6 MB/s of short lines takes a whole core.
 * Who says more is made to wait, by the engine's own back-pressure.
 */
export class OutputPace {
  readonly #stream: Readable;
  #left = BURST;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  read(bytes: number): void {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#since) / 1000) * BYTES_PER_SECOND) - bytes;
    this.#since = now;
    if (this.#left >= 0 || this.#timer !== undefined) return;
    this.#stream.pause();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#stream.resume();
      },
      (-this.#left / BYTES_PER_SECOND) * 1000,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
