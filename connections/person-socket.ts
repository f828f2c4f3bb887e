import type { Readable, Writable } from "node:stream";
import {
  type ClientControl,
  clientControlSchema,
  type ErrorCode,
  LONGEST_CONTROL,
  plainLines,
  plainText,
  Refusal,
  type ServerControl,
  STREAM,
} from "@guise/contract";
import type { RawData, WebSocket } from "ws";
import { type Clock, messageOf, SharedAllowance } from "#foundation";
import { ProvisioningError, type ProvisioningErrorCode } from "#provisioning";
import { type StreamWatch, UNWATCHED } from "./stream-watch.ts";
import { watchPeer } from "./watch-peer.ts";

/** Above so many bytes on their way to a person, what comes from inside waits. The process has one memory, whoever does not read. */
const ON_THE_WAY = new SharedAllowance({ all: 64 * 2 ** 20, most: 2 ** 20, least: 64 * 1024 });
const LONGEST_DATA = 2 ** 20;
/** While the other side is not open yet, the person is not read beyond the first; what then still comes was read already. */
const MUCH_EARLY = 64 * 1024;
const MOST_EARLY = 4 * 2 ** 20;
/** What a kept message costs beside its bytes. */
const EACH = 64;

/** Close codes of RFC 6455. */
const CLOSE = { normal: 1000, unsupported: 1003, tooBig: 1009, internal: 1011 } as const;

const GONE =
  "The connection into the workspace has ended: it was given back, suspended or started again, or a program in it ended the connection.";
/** What may go wrong in a stream, in the public words. */
const STREAM_FAULTS: Partial<Record<ProvisioningErrorCode, ErrorCode>> = {
  channel_lost: "workspace_not_ready",
  channel_hostile: "workspace_not_ready",
  sandbox_gone: "workspace_not_ready",
  engine_unreachable: "engine_unreachable",
  launch_failed: "launch_failed",
  connection_refused: "launch_failed",
  output_too_large: "launch_failed",
  file_exists: "file_exists",
  storage_full: "storage_full",
  file_failed: "file_failed",
  file_not_found: "file_not_found",
  unfit_arguments: "invalid_arguments",
  refused_by_policy: "too_many_requests",
  cancelled: "unavailable",
};

export interface PersonHandlers {
  /** Bytes for standard input. */
  data(bytes: Buffer): void;
  control(message: ClientControl): void;
}

/**
 * The person's end of a stream: the protocol of contract/stream.ts over one WebSocket, with back-pressure both ways. What is
 * not of the protocol ends it. Messages are kept until handlers are there.
 */
export class PersonSocket {
  /** Settles when the socket is closed, by whichever side. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #watch: StreamWatch;
  readonly #onTheWay = ON_THE_WAY.share();
  readonly #held = new Set<Readable>();
  readonly #behind = new Set<Writable>();
  #early: (Buffer | ClientControl)[] = [];
  #earlyBytes = 0;
  #handlers: PersonHandlers | undefined;

  constructor(socket: WebSocket, clock: Clock, watch: StreamWatch = UNWATCHED) {
    this.#socket = socket;
    this.#watch = watch;
    watchPeer(socket, clock);
    this.closed = new Promise((resolve) => {
      if (socket.readyState === socket.CLOSED) resolve();
      socket.once("close", () => resolve());
    });
    void this.closed.then(() => this.#onTheWay.hold(0));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, binary) => this.#receive(bytesOf(data), binary));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** From now on the person is told, beside the stream, of what concerns the workspace. */
  tellNotices(): void {
    void this.closed.then(this.#watch.onNotice((message) => this.tell({ kind: "notice", message: plainText(message, 500) })));
  }

  /** From now on messages go there; first those that came already. */
  handle(handlers: PersonHandlers): void {
    this.#handlers = handlers;
    while (this.#handlers !== undefined) {
      const message = this.#early.shift();
      if (message === undefined) break;
      this.#pass(message);
    }
    if (this.#early.length > 0) return;
    if (this.#earlyBytes > MUCH_EARLY && this.#behind.size === 0) this.#socket.resume();
    this.#earlyBytes = 0;
  }

  /** Keeps messages again, until somebody handles them. */
  hold(): void {
    this.#handlers = undefined;
  }

  /** Ends the stream over a message that has no place here. */
  refuse(): void {
    this.#foreign(CLOSE.unsupported, "the message has no place here");
  }

  /** Sends what is read from inside. Does not read on while the person is behind. */
  pump(from: Readable, stream: "stdout" | "stderr"): void {
    from.on("data", (bytes: Buffer) => {
      if (!this.isOpen) return;
      this.#socket.send(framed(STREAM[stream], bytes), { binary: true }, (error) => {
        if (error === undefined || error === null) this.#watch.output();
        this.#goOn();
      });
      if (this.#countOnTheWay() <= this.#onTheWay.most) return;
      from.pause();
      this.#held.add(from);
    });
  }

  /** Sends bytes; `out` runs when they have gone out. Who calls holds back what it sends. */
  send(stream: "stdout" | "stderr", bytes: Uint8Array, out?: () => void): void {
    if (!this.isOpen) return;
    const message = framed(STREAM[stream], Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#socket.send(message, { binary: true }, () => {
      this.#countOnTheWay();
      out?.();
    });
    this.#countOnTheWay();
  }

  /** What was sent is before the person's eyes. */
  sawOutput(): void {
    this.#watch.output();
  }

  /** The person is not read until then. */
  waitFor(ready: Promise<void>): void {
    this.#socket.pause();
    void ready.then(() => this.#socket.resume());
  }

  /** Writes to what runs inside; the person is not read while it is behind. */
  feed(to: Writable, bytes: Buffer): void {
    if (to.destroyed || to.writableEnded || to.write(bytes) || this.#behind.has(to)) return;
    // what was read from the person before the pause still comes; one wait serves it too
    this.#behind.add(to);
    this.#socket.pause();
    const goOn = () => {
      to.off("drain", goOn);
      to.off("close", goOn);
      this.#behind.delete(to);
      this.#socket.resume();
    };
    to.on("drain", goOn);
    to.on("close", goOn);
  }

  tell(message: ServerControl): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** The last word, and goodbye. */
  end(message?: ServerControl): void {
    if (message !== undefined) this.tell(message);
    this.#close(CLOSE.normal);
  }

  /** Says what went wrong, by its code, and closes. What has no code is a fault of ours, and is not told. */
  fail(error: unknown): void {
    const code = error instanceof Refusal ? error.code : error instanceof ProvisioningError ? STREAM_FAULTS[error.code] : undefined;
    const message = code === undefined ? "a fault in Guise" : code === "workspace_not_ready" ? GONE : plainLines(messageOf(error), 500);
    this.tell({ kind: "error", code: code ?? "internal", message });
    this.#close(CLOSE.internal);
  }

  #close(code: number): void {
    // it is paused perhaps, and would not read the answer to its goodbye
    this.#socket.resume();
    this.#socket.close(code);
  }

  #countOnTheWay(): number {
    const bytes = this.#socket.readyState === this.#socket.CLOSED ? 0 : this.#socket.bufferedAmount;
    this.#onTheWay.hold(bytes);
    return bytes;
  }

  #goOn(): void {
    if (this.#countOnTheWay() > this.#onTheWay.most / 2) return;
    for (const from of this.#held) from.resume();
    this.#held.clear();
  }

  #receive(bytes: Buffer, binary: boolean): void {
    if (!this.isOpen) return;
    const message = parsed(bytes, binary);
    if ("why" in message) this.#foreign(message.code, message.why);
    else if (this.#handlers !== undefined) this.#pass(message.of);
    else this.#keep(message.of, bytes.length);
  }

  #keep(message: Buffer | ClientControl, bytes: number): void {
    this.#early.push(message);
    this.#earlyBytes += bytes + EACH;
    if (this.#earlyBytes > MUCH_EARLY) this.#socket.pause();
    if (this.#earlyBytes > MOST_EARLY) this.#foreign(CLOSE.tooBig, "too much came before the stream was open");
  }

  #pass(message: Buffer | ClientControl): void {
    if (!Buffer.isBuffer(message)) {
      if (message.kind === "signal") this.#watch.input();
      this.#handlers?.control(message);
      return;
    }
    this.#watch.input();
    this.#handlers?.data(message);
  }

  #foreign(code: number, why: string): void {
    this.tell({ kind: "error", code: "invalid", message: why });
    this.#close(code);
  }
}

type Parsed = { readonly of: Buffer | ClientControl } | { readonly code: number; readonly why: string };

function parsed(bytes: Buffer, binary: boolean): Parsed {
  if (bytes.length > (binary ? LONGEST_DATA : LONGEST_CONTROL)) return { code: CLOSE.tooBig, why: "the message is too long" };
  if (binary && bytes[0] !== STREAM.stdin) return { code: CLOSE.unsupported, why: "the message is for no stream that takes any" };
  const message = binary ? bytes.subarray(1) : controlOf(bytes);
  return message === undefined ? { code: CLOSE.unsupported, why: "the message is not of the protocol" } : { of: message };
}

function controlOf(bytes: Buffer): ClientControl | undefined {
  try {
    return clientControlSchema.safeParse(JSON.parse(bytes.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function framed(stream: number, bytes: Buffer): Buffer {
  const message = Buffer.allocUnsafe(bytes.length + 1);
  message[0] = stream;
  bytes.copy(message, 1);
  return message;
}
