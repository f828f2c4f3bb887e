import type { Readable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { ChannelProcess, TerminalSize } from "../channel.ts";
import { ChannelStream } from "./channel-stream.ts";
import type { SshConnection } from "./connection.ts";
import { sendSignal } from "./ssh2-internals.ts";

/** POSIX numbers of the signals that end a process, to tell an end by signal as shells do: 128 + number. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  XCPU: 24,
  XFSZ: 25,
  SYS: 31,
};

export type Exit = Awaited<ChannelProcess["exited"]>;

/** What ssh2 says of an end, checked: the server may send any number and any text. */
export function exitOf(code: unknown, signal: unknown): Exit {
  if (typeof code === "number") return { exit: code & 0xff };
  const name = typeof signal === "string" ? signal.replace(/^SIG/, "") : "";
  const number = SIGNAL_NUMBERS[name];
  return number === undefined ? { exit: 255 } : { exit: 128 + number, signal: name };
}

/** Resolves with the exit, as soon as it is told; rejects when the channel or the connection ends without one. */
export function exitFrom(channel: ClientChannel, connection: SshConnection): Promise<Exit> {
  const exited = new Promise<Exit>((resolve, reject) => {
    channel.once("exit", (code: unknown, signal?: unknown) => resolve(exitOf(code, signal)));
    channel.once("close", () => reject(connection.lost("the channel ended without an exit status")));
    const forget = connection.onLost(() => reject(connection.lost()));
    channel.once("close", forget);
  });
  // whoever does not ask for the exit is not told of its absence
  exited.catch(() => {});
  return exited;
}

export class SshProcess implements ChannelProcess {
  readonly stdin: ChannelStream;
  readonly stdout: ChannelStream;
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  readonly #channel: ClientChannel;
  readonly #untilBegun: () => Promise<unknown>;
  /** Signals go in their order, the first when the command has begun. */
  #signals: Promise<unknown> | undefined;

  /** `untilBegun`: resolves when the command is where signals reach it. */
  constructor(channel: ClientChannel, connection: SshConnection, untilBegun: () => Promise<unknown>) {
    this.#channel = channel;
    this.#untilBegun = untilBegun;
    const stream = new ChannelStream(channel, connection.transport);
    this.stdin = stream;
    this.stdout = stream;
    this.stderr = channel.stderr;
    this.exited = exitFrom(channel, connection);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#channel.setWindow(rows, columns, 0, 0);
  }

  signal(name: string): void {
    // A channel that is lost, or closed meanwhile, takes none, and nobody is told.
    this.#signals = (this.#signals ?? this.#untilBegun()).catch(() => {}).then(() => sendSignal(this.#channel, name));
    this.#signals.catch(() => {});
  }

  /** After its signals: whoever leaves hangs up and closes, and a closed channel takes none. */
  close(): void {
    this.stderr.resume();
    if (this.#signals === undefined) this.stdout.destroy();
    else this.#signals.catch(() => {}).finally(() => this.stdout.destroy());
  }
}
