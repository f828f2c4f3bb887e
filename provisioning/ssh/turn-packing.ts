/** From here on the reader is behind. */
const BACKLOG = 64 * 1024;

type Lane = "data" | "error";

/** What arrived for one channel: where it stands, and how much of what came before its reader has not taken yet. */
export interface Arrival {
  readonly channel: number;
  readonly lane: Lane;
  readonly data: Buffer;
  readonly buffered: number;
  deliver(data: Buffer): void;
}

interface Part {
  readonly lane: Lane;
  readonly chunks: Buffer[];
  readonly deliver: (data: Buffer) => void;
}

interface Waiting {
  readonly parts: Part[];
  bytes: number;
}

/**
 * Hands on the first that arrives for a channel in a turn of the event loop at once, and packs what else comes for it in that turn into one block. A
 * program that prints line by line sends some hundred packets a turn, each of which would go its whole way to the person as a message of
 * its own. For a reader that is behind, nothing goes at once: each chunk that ssh2 keeps costs an object and may hold on to
 * the whole block that was read from the engine, so a server that sends single bytes would need some hundred times its window in memory.
 */
export class TurnPacking {
  /** Channels for which something came in this turn, and what of it is not handed on yet. */
  readonly #turns = new Map<number, Waiting>();

  /** Bytes that came for this channel and are not handed on yet. */
  waiting(channel: number): number {
    return this.#turns.get(channel)?.bytes ?? 0;
  }

  /** Whether this is handed on at once. */
  passes({ channel, buffered }: Pick<Arrival, "channel" | "buffered">): boolean {
    return buffered <= BACKLOG && !this.#turns.has(channel);
  }

  take({ channel, lane, data, buffered, deliver }: Arrival): void {
    const passes = this.passes({ channel, buffered });
    const waiting = this.#turns.get(channel) ?? this.#begin(channel);
    if (passes) {
      deliver(data);
      return;
    }
    waiting.bytes += data.length;
    // The order between the lanes is kept for who reads along, and given up for memory where nobody does.
    const part = buffered > BACKLOG ? waiting.parts.find((one) => one.lane === lane) : waiting.parts.at(-1);
    if (part?.lane === lane) part.chunks.push(data);
    else waiting.parts.push({ lane, chunks: [data], deliver });
  }

  /** Hands on what waits for a channel: at the end of the turn, and before its exit, end or close is told. */
  flush(channel: number): void {
    const waiting = this.#turns.get(channel);
    if (waiting === undefined) return;
    this.#turns.delete(channel);
    for (const { chunks, deliver } of waiting.parts)
      deliver(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
  }

  #begin(channel: number): Waiting {
    const waiting: Waiting = { parts: [], bytes: 0 };
    this.#turns.set(channel, waiting);
    setImmediate(() => this.flush(channel));
    return waiting;
  }
}
