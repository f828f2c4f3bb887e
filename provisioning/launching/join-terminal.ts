import type { Duplex } from "node:stream";
import { codeOf } from "#foundation";
import type { Channel, TerminalSize } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { idOf, LAUNCHES } from "./launch.ts";
import { type Frame, frameOf, frameReader } from "./terminal-frames.ts";

/** Ms for the first answer: a program that an earlier Guise started may speak otherwise. */
const ANSWER_WITHIN = 10_000;
/** Bytes on their way to one viewer at most; more than that is not from our program. */
const WINDOW = 256 * 1024 + 64 * 1024;
const MOST_OUTPUT = 1024 * 1024;

export interface TerminalJoin {
  /** Offset of the first byte that is wanted; without it, what was last. */
  readonly from?: number | undefined;
  readonly size: TerminalSize;
  /** [a-z0-9-], at most 64 characters: the same after a drop, so that its input goes on where it broke off. */
  readonly viewer: string;
}

/** Where the viewer stands. Offsets count bytes since the terminal began. */
export interface TerminalStanding {
  /** Of the first byte that comes; behind what was wanted where that is not kept any more. */
  readonly offset: number;
  /** What had been written by then. */
  readonly present: number;
  /** Bytes of this viewer's input that have arrived. */
  readonly received: number;
}

export interface TerminalEvents {
  /** The next bytes, in order. */
  output(bytes: Buffer): void;
  received(bytes: number): void;
  /** All output was given. */
  exited(code: number): void;
  /** It broke off; the program goes on. */
  lost(error: Error): void;
}

/** A viewer's place at the terminal of a launch. Output is held back behind what was not taken. */
export interface JoinedTerminal {
  readonly standing: TerminalStanding;
  /** Told from the beginning, once; before it nothing is read. */
  handle(events: TerminalEvents): void;
  /** False: no more before `drained`. */
  input(bytes: Uint8Array): boolean;
  /** Resolves when more input is taken, or none any more. */
  drained(): Promise<void>;
  resize(size: TerminalSize): void;
  /** Everything before this offset has been taken. */
  taken(offset: number): void;
  pause(): void;
  resume(): void;
  /** Goes for good; without it, its place is kept for ten seconds. */
  leave(): void;
  close(): void;
}

/**
 * Joins the terminal of a launch. Of one that has ended, its last output and exit code. Rejects `launch_failed` where there is nothing to
 * join, `channel_hostile` for what our program does not send.
 */
export async function joinTerminal(channel: Channel, launchId: string, join: TerminalJoin): Promise<JoinedTerminal> {
  const folder = `${LAUNCHES}/${idOf(launchId)}`;
  let connection: Duplex;
  try {
    connection = await channel.forward({ socket: `${folder}/terminal` });
  } catch (error) {
    if (codeOf(error) !== "connection_refused") throw error;
    return endedTerminal(channel, folder, join);
  }
  const held = new HeldTerminal(connection);
  const { columns, rows } = join.size;
  try {
    await held.begin(`${join.from ?? "-"} ${columns} ${rows} ${join.viewer}`);
  } catch (error) {
    // Its program ended when we were connected and not yet heard: what it said lies beside it.
    if (codeOf(error) === "channel_lost") return endedTerminal(channel, folder, join);
    throw error;
  }
  return held;
}

class HeldTerminal implements JoinedTerminal {
  readonly #connection: Duplex;
  readonly #read = frameReader();
  readonly #begun = Promise.withResolvers<void>();
  #standing: TerminalStanding | undefined;
  #events: TerminalEvents | undefined;
  #early: Frame[] = [];
  #sent = 0;
  #taken = 0;
  #over = false;

  constructor(connection: Duplex) {
    this.#connection = connection;
    connection.on("data", (piece: Buffer) => this.#take(piece));
    connection.on("error", (cause) => this.#end(connectionEnded(cause)));
    connection.on("close", () => this.#end(connectionEnded()));
  }

  get standing(): TerminalStanding {
    if (this.#standing === undefined) throw new Error("it has not begun");
    return this.#standing;
  }

  /** Resolves with the first answer. Its program may have ended, and the connection with it, before this is called. */
  async begin(join: string): Promise<void> {
    const timer = setTimeout(() => this.#begun.reject(spokeOtherwise()), ANSWER_WITHIN);
    if (this.#connection.destroyed) this.#end(connectionEnded());
    this.#say("A", join);
    try {
      await this.#begun.promise;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  handle(events: TerminalEvents): void {
    this.#events = events;
    for (const frame of this.#early.splice(0)) this.#understand(frame);
    this.#connection.resume();
  }

  input(bytes: Uint8Array): boolean {
    return this.#isEnded || this.#connection.write(frameOf("I", bytes));
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#connection.off("drain", done).off("close", done);
        resolve();
      };
      if (this.#connection.destroyed || !this.#connection.writableNeedDrain) resolve();
      else this.#connection.on("drain", done).on("close", done);
    });
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#say("S", `${columns} ${rows}`);
  }

  taken(offset: number): void {
    if (offset <= this.#taken || offset > this.#sent) return;
    this.#taken = offset;
    this.#say("T", String(offset));
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  leave(): void {
    this.#say("G", "");
    this.#over = true;
    this.#connection.end();
  }

  close(): void {
    this.#over = true;
    this.#connection.destroy();
  }

  #say(kind: string, content: string): void {
    if (!this.#isEnded) this.#connection.write(frameOf(kind, content));
  }

  /** Where the other side has ended, this one has too. */
  get #isEnded(): boolean {
    return this.#connection.destroyed || this.#connection.writableEnded;
  }

  #take(piece: Buffer): void {
    if (this.#over) return;
    const frames = this.#read(piece);
    if (frames === undefined) {
      this.#begun.reject(spokeOtherwise());
      this.#hostile();
      return;
    }
    for (const frame of frames) {
      if (this.#standing === undefined) this.#begin(frame);
      else if (this.#events === undefined) this.#early.push(frame);
      else this.#understand(frame);
    }
  }

  #begin({ kind, content }: Frame): void {
    const [, offset, present, received] = /^(\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(content.toString("latin1")) ?? [];
    if (kind !== "B" || offset === undefined) {
      this.#begun.reject(spokeOtherwise());
      return;
    }
    this.#standing = { offset: Number(offset), present: Number(present), received: Number(received) };
    this.#sent = this.#standing.offset;
    this.#taken = this.#standing.offset;
    // What follows waits for who handles it.
    this.#connection.pause();
    this.#begun.resolve();
  }

  #understand({ kind, content }: Frame): void {
    const number = /^\d{1,15}$/.test(content.toString("latin1", 0, 16)) ? Number(content.toString("latin1")) : undefined;
    if (kind === "D") {
      this.#sent += content.length;
      if (this.#sent - this.#taken > WINDOW) this.#hostile();
      else this.#events?.output(content);
    } else if (kind === "K" && number !== undefined) this.#events?.received(number);
    else if (kind === "X" && number !== undefined && number <= 255) {
      this.#over = true;
      this.#events?.exited(number);
    } else this.#hostile();
  }

  #hostile(): void {
    this.#end(new ProvisioningError("channel_hostile", "what came from the terminal is not of its protocol"));
    this.#connection.destroy();
  }

  #end(error: Error): void {
    this.#begun.reject(error);
    if (this.#over) return;
    this.#over = true;
    this.#events?.lost(error);
  }
}

function connectionEnded(cause?: Error): ProvisioningError {
  return new ProvisioningError("channel_lost", "the terminal's connection ended", { cause });
}

function spokeOtherwise(): ProvisioningError {
  return new ProvisioningError(
    "launch_failed",
    "this terminal was begun by another version of Guise, or does not answer; end it, or pause and resume the workspace",
  );
}

/** What is left of a terminal whose program has ended. */
async function endedTerminal(channel: Channel, folder: string, { from }: TerminalJoin): Promise<JoinedTerminal> {
  const [first, output, exit] = await Promise.all([
    readOrNothing(channel, `${folder}/ended`, 64),
    readOrNothing(channel, `${folder}/output`, MOST_OUTPUT),
    readOrNothing(channel, `${folder}/exit`, 64),
  ]);
  const [, offset] = /^(\d{1,15}) (\d{1,3})\n$/.exec(first?.toString("latin1") ?? "") ?? [];
  const [, code] = /^(\d{1,3}) \d{1,15}\n$/.exec(exit?.toString("latin1") ?? "") ?? [];
  if (offset === undefined && code === undefined) throw new ProvisioningError("launch_failed", "the terminal is gone; open it anew");
  const kept = output ?? Buffer.alloc(0);
  const start = Number(offset ?? 0);
  const end = start + kept.length;
  const wanted = Math.min(end, Math.max(start, from ?? start));
  return {
    standing: { offset: wanted, present: end, received: 0 },
    handle(events) {
      if (wanted < end) events.output(kept.subarray(wanted - start));
      events.exited(Number(code ?? 255));
    },
    input: () => true,
    drained: async () => {},
    resize() {},
    taken() {},
    pause() {},
    resume() {},
    leave() {},
    close() {},
  };
}

async function readOrNothing(channel: Channel, path: string, most: number): Promise<Buffer | undefined> {
  try {
    return await channel.readFile(path, most);
  } catch (error) {
    if (codeOf(error) === "file_not_found") return undefined;
    throw error;
  }
}
