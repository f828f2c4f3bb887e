/** Pulls bytes off an archive as they are asked for. */
export class ArchiveBytes {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #ahead: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Exactly so many; undefined where the archive ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    const pieces: Uint8Array[] = [this.#ahead];
    for (let gathered = this.#ahead.length; gathered < length; ) {
      const { done, value } = await this.#pieces.next();
      if (done === true) return undefined;
      pieces.push(value);
      gathered += value.length;
    }
    if (pieces.length > 1) this.#ahead = Buffer.concat(pieces);
    return this.#cut(length);
  }

  /** So many in pieces as they come, each as it is at hand; fewer where the archive ends before. */
  async some(most: number): Promise<Buffer | undefined> {
    if (this.#ahead.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done === true) return undefined;
      this.#ahead = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    return this.#cut(Math.min(most, this.#ahead.length));
  }

  /** To its end, so that a fault behind the last entry is met. */
  async drain(): Promise<void> {
    this.#ahead = Buffer.alloc(0);
    while ((await this.#pieces.next()).done !== true);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #cut(length: number): Buffer {
    const taken = this.#ahead.subarray(0, length);
    this.#ahead = this.#ahead.subarray(length);
    return taken;
  }
}
