import { Duplex } from "node:stream";
import type { CommandSession, OnOutput } from "../../sdk/index.ts";

export type Connect = (onOutput: (bytes: Uint8Array) => void | Promise<void>) => Promise<CommandSession>;

/** A TCP connection inside the workspace, in the shape of a socket: what node:http needs to speak over it. */
export class ConnectStream extends Duplex {
  readonly #session: CommandSession;
  #more: (() => void) | undefined;

  private constructor(session: CommandSession, early: Uint8Array[], output: { take: OnBytes }) {
    super({ allowHalfOpen: true });
    this.#session = session;
    for (const bytes of early) this.push(bytes);
    output.take = (bytes) => this.#arrived(bytes);
    session.exit.then(
      () => this.push(null),
      (error: Error) => this.destroy(error),
    );
  }

  static async open(connect: Connect): Promise<ConnectStream> {
    const early: Uint8Array[] = [];
    const output: { take: OnBytes } = { take: (bytes) => void early.push(bytes) };
    const session = await connect((bytes) => output.take(bytes));
    return new ConnectStream(session, early, output);
  }

  /** While our reader is behind, the promise stays open and the session holds the far side back. */
  #arrived(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0 || this.readableEnded || this.destroyed || this.push(bytes)) return;
    return new Promise((resolve) => {
      this.#more = resolve;
    });
  }

  override _read(): void {
    this.#more?.();
    this.#more = undefined;
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#session.write(bytes).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#session.end().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#more?.();
    this.#session.close();
    done(error);
  }

  // What node:http asks of a socket; none of it has a meaning over a WebSocket.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

type OnBytes = (bytes: Uint8Array) => ReturnType<OnOutput>;
