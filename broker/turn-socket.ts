import type { Server } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TurnReader } from "#foundation";

/** Bytes of a connection that are parsed at once: two common requests, or some fifty of the shortest. */
const SLICE = 2 * 1024;

/**
 * A connection whose bytes come in slices, in the strangers' share of the thread. Node's server reads up to 64 KiB at once, 32 times a
 * turn, and begins every request in it: one process that sends requests without waiting for answers kept everybody else waiting for minutes.
 */
export class TurnSocket extends Duplex {
  readonly #raw: Socket;
  readonly #reader: TurnReader;
  #isHeld = false;

  constructor(raw: Socket) {
    super({ allowHalfOpen: true, readableHighWaterMark: SLICE });
    this.#raw = raw;
    this.#reader = new TurnReader(raw, {
      slice: SLICE,
      take: (bytes) => this.push(bytes) && this.readableLength === 0 && !this.#isHeld,
      end: () => void this.push(null),
      close: () => void this.destroy(),
    });
    raw.on("error", (error) => this.destroy(error));
    raw.on("timeout", () => this.emit("timeout"));
  }

  get remoteAddress(): string | undefined {
    return this.#raw.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#raw.remotePort;
  }

  get remoteFamily(): string | undefined {
    return this.#raw.remoteFamily;
  }

  get localAddress(): string | undefined {
    return this.#raw.localAddress;
  }

  get localPort(): number | undefined {
    return this.#raw.localPort;
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.#raw.setTimeout(ms);
    if (listener !== undefined) this.once("timeout", listener);
    return this;
  }

  setNoDelay(noDelay?: boolean): this {
    this.#raw.setNoDelay(noDelay);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#raw.setKeepAlive(enable, initialDelay);
    return this;
  }

  ref(): this {
    this.#raw.ref();
    return this;
  }

  unref(): this {
    this.#raw.unref();
    return this;
  }

  /** Ends, and is gone when all is written. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  /** Nothing more is read until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#reader.resume();
  }

  override _read(): void {
    if (!this.#isHeld) this.#reader.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, encoding, done);
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#raw.cork();
    for (const [index, { chunk, encoding }] of chunks.entries())
      if (index === chunks.length - 1) this.#raw.write(chunk, encoding, done);
      else this.#raw.write(chunk, encoding);
    this.#raw.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#raw.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#reader.stop();
    this.#raw.destroy();
    done(error);
  }
}

/** From now on the server's connections are read in turns; each is told to `arrived` first. */
export function readInTurns(server: Server, arrived: (socket: Duplex) => void): void {
  const accept = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (raw: Socket) => {
    const socket = new TurnSocket(raw);
    arrived(socket);
    for (const listener of accept) listener.call(server, socket);
  });
}
