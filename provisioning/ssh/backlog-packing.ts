/** From here on the reader is behind, and what comes for it is packed. */
const BACKLOG = 64 * 1024;

interface Waiting {
  readonly parts: Map<"data" | "error", { readonly chunks: Buffer[]; readonly deliver: (data: Buffer) => void }>;
  bytes: number;
}

/**
 * Packs what arrives for readers that are behind into one block per turn of the event loop. Each chunk that ssh2 keeps costs
 * an object and may hold on to the whole block that was read from the engine: a server that sends single bytes would need
 * some hundred times its window in memory. Readers that keep up are not touched.
 */
export class BacklogPacking {
  readonly #waiting = new Map<number, Waiting>();

  /** Bytes that came for this channel and are not handed on yet. */
  waiting(channel: number): number {
    return this.#waiting.get(channel)?.bytes ?? 0;
  }

  isBacklogged(channel: number, buffered: number): boolean {
    return buffered > BACKLOG || this.#waiting.has(channel);
  }

  add(channel: number, lane: "data" | "error", data: Buffer, deliver: (data: Buffer) => void): void {
    let waiting = this.#waiting.get(channel);
    if (waiting === undefined) {
      waiting = { parts: new Map(), bytes: 0 };
      this.#waiting.set(channel, waiting);
      setImmediate(() => this.flush(channel));
    }
    waiting.bytes += data.length;
    const part = waiting.parts.get(lane);
    if (part === undefined) waiting.parts.set(lane, { chunks: [data], deliver });
    else part.chunks.push(data);
  }

  /** Hands on what waits for a channel: at the end of the turn, and before its end or close is told. */
  flush(channel: number): void {
    const waiting = this.#waiting.get(channel);
    if (waiting === undefined) return;
    this.#waiting.delete(channel);
    for (const { chunks, deliver } of waiting.parts.values()) deliver(Buffer.concat(chunks));
  }
}
