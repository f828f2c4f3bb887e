import type { Duplex } from "node:stream";
import { THREAD_SHARE } from "./thread-share.ts";

const NOTHING = Buffer.alloc(0);
/** Bytes of the largest slice: what one read brings. */
const MOST = 64 * 1024;
/** Ms: a slice that takes less is followed by one of twice its size, and one that takes more by one of the least. */
const CHEAP = 0.25;
const DEAR = 1;

export interface TurnReaderOptions {
  /** Bytes that are handed on at once to begin with: so few that the worst they can cause takes about a millisecond. */
  readonly slice: number;
  /** Whether the bytes are used up, and there is room for more; if not, nothing comes before `resume`. */
  readonly take: (bytes: Buffer) => boolean;
  /** All that was read is handed on, and no more comes. */
  readonly end: () => void;
  readonly close: () => void;
}

/** Reads a stranger's stream in slices, with back-pressure, in its share of the thread (`ThreadShare`). */
export class TurnReader {
  readonly #raw: Duplex;
  readonly #options: TurnReaderOptions;
  readonly #handOnSlice = () => this.#slice();
  /** Read, not handed on yet. */
  #rest: Buffer = NOTHING;
  #size: number;
  #hasRoom = true;
  #isWaiting = false;
  #isStopped = false;

  constructor(raw: Duplex, options: TurnReaderOptions) {
    this.#raw = raw;
    this.#options = options;
    this.#size = options.slice;
    raw.on("data", (chunk: Buffer) => {
      if (this.#isStopped) return void raw.pause();
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      this.#handOn();
    });
    raw.on("end", () => {
      if (this.#rest.length === 0 && !this.#isStopped) options.end();
    });
    // Who has stopped reading is not waited for.
    raw.on("close", () => {
      if (!this.#isWaiting) options.close();
    });
  }

  /**
   * There is room again. What waits is handed on after the caller is done: what a stream is given while it asks for more it keeps, and
   * hands on by itself later, where no slice of it would be timed.
   */
  resume(): void {
    if (this.#hasRoom) return;
    this.#hasRoom = true;
    queueMicrotask(() => this.#handOn());
  }

  /** Nothing is handed on any more. */
  stop(): void {
    this.#isStopped = true;
    this.#rest = NOTHING;
  }

  #handOn(): void {
    if (this.#isWaiting || this.#isStopped) return;
    this.#isWaiting = this.#rest.length > 0 && this.#hasRoom;
    if (this.#isWaiting) THREAD_SHARE.spend(this.#handOnSlice);
    this.#goOnReading();
  }

  /** Whether more can be handed on. */
  #slice(): boolean {
    const slice = this.#rest.subarray(0, this.#size);
    this.#rest = this.#rest.subarray(slice.length);
    if (slice.length > 0) this.#hasRoom = this.#timed(slice);
    this.#isWaiting = this.#rest.length > 0 && this.#hasRoom && !this.#isStopped;
    if (this.#isWaiting) return true;
    if (this.#rest.length === 0 && this.#raw.readableEnded && !this.#isStopped) this.#options.end();
    if (this.#raw.destroyed) this.#options.close();
    else this.#goOnReading();
    return false;
  }

  /**
   * Files come in large pieces and cost little for their size; what is in small pieces shows at its first slice.
   * What is kept for later tells nothing of its cost.
   */
  #timed(slice: Buffer): boolean {
    const began = performance.now();
    const hasRoom = this.#options.take(slice);
    const took = performance.now() - began;
    if (took > DEAR) this.#size = this.#options.slice;
    else if (hasRoom && took < CHEAP && slice.length === this.#size) this.#size = Math.min(MOST, this.#size * 2);
    return hasRoom;
  }

  #goOnReading(): void {
    if (this.#isStopped) return;
    if (this.#rest.length === 0 && this.#hasRoom) this.#raw.resume();
    else this.#raw.pause();
  }
}
