import { type ClientControl, type ServerControl, STREAM } from "@guise/contract";
import { AgentError, hasCode, isErrorCode } from "./agent-error.ts";
import { backOff } from "./back-off.ts";
import { type CommandExit, framed, type OnNotice } from "./command-session.ts";
import type { Socket } from "./socket.ts";
import type { Transport } from "./transport.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  /** The value of TERM; `xterm-256color` when absent. */
  readonly type?: string | undefined;
}

export type TerminalState =
  /** `skipped`: bytes that were written meanwhile and are not kept any more; what is drawn should be cleared before what comes. */
  | { readonly state: "connected"; readonly skipped: number }
  /** The program goes on; it is tried again. */
  | { readonly state: "lost"; readonly attempt: number; readonly error: AgentError };

export interface TerminalOptions {
  readonly size: TerminalSize;
  /** `replayed`: it was written before this viewer came, so that nothing in it waits for an answer. No more comes while its promise is open. */
  readonly onOutput: (bytes: Uint8Array, replayed: boolean) => void | Promise<void>;
  /** What concerns the workspace: it is about to be suspended, say. */
  readonly onNotice?: OnNotice | undefined;
  readonly onState?: ((state: TerminalState) => void) | undefined;
  /** Ms for which a lost connection is tried again; the agent's own patience unless told. */
  readonly patience?: number | undefined;
}

/** A viewer at the terminal of a launch, which outlives it. After a drop it goes on at the very byte, both ways. */
export interface TerminalSession {
  /** Resolves when more may be written; what is written while the connection is lost is sent when it is back. */
  write(bytes: Uint8Array): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Leaves the connection that there is for another: it may be dead without a word, after a machine slept or changed its network. */
  again(): void;
  /** Leaves; the program goes on. */
  close(): void;
  /** How the program ended, after all its output was taken. Rejects with AgentError; `unreachable` when the patience is over. */
  readonly exit: Promise<CommandExit>;
}

/** Input that has not been confirmed; beyond it `write` waits. */
const MOST_UNCONFIRMED = 256 * 1024;
/** Output that is taken is told after so many bytes, or so many ms. */
const TELL_BYTES = 64 * 1024;
const TELL_AFTER = 100;
const LONGEST_PAUSE = 2000;

export function openTerminal(transport: Transport, workspace: string, launch: string, options: TerminalOptions): TerminalSession {
  const terminal = new Terminal(transport, workspace, launch, options);
  const exit = terminal.run();
  exit.catch(() => {}); // Who does not ask for the exit is not told of it by an unhandled rejection.
  return {
    write: (bytes) => terminal.write(bytes),
    resize: (columns, rows) => terminal.resize(columns, rows),
    again: () => terminal.again(),
    close: () => terminal.close(),
    exit,
  };
}

class Terminal {
  readonly #transport: Transport;
  readonly #workspace: string;
  readonly #launch: string;
  readonly #options: TerminalOptions;
  readonly #viewer: string = crypto.randomUUID();
  readonly #left = new AbortController();
  #size: { readonly columns: number; readonly rows: number; readonly type: string };
  /** Of the next byte to come, and of the first that was written after this viewer came. */
  #offset: number | undefined;
  #live = 0;
  #taken = 0;
  #told = 0;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #output: Promise<void> = Promise.resolve();
  /** Input in order, from byte `#confirmed` on. */
  #unconfirmed: Uint8Array[] = [];
  #waiting = 0;
  #confirmed = 0;
  #roomy: (() => void)[] = [];
  #socket: Socket | undefined;
  #leave: (() => void) | undefined;
  #pause = new AbortController();

  constructor(transport: Transport, workspace: string, launch: string, options: TerminalOptions) {
    this.#transport = transport;
    this.#workspace = `/workspaces/${encodeURIComponent(workspace)}`;
    this.#launch = encodeURIComponent(launch);
    this.#options = options;
    const { columns, rows, type } = options.size;
    this.#size = { columns: within(columns), rows: within(rows), type: type ?? "xterm-256color" };
  }

  async run(): Promise<CommandExit> {
    const { timing } = this.#transport.parts;
    const patience = this.#options.patience ?? this.#transport.parts.patience;
    let lostAt: number | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(() => {
          attempt = 0;
          lostAt = undefined;
        });
      } catch (thrown) {
        if (this.#left.signal.aborted) throw new AgentError("aborted", "The terminal was left.");
        const error = await this.#reasonOf(thrown);
        lostAt ??= timing.now();
        if (!mayPass(error) || timing.now() - lostAt > patience) throw error;
        this.#options.onState?.({ state: "lost", attempt, error });
        this.#pause = new AbortController();
        await timing.wait(backOff(attempt, timing.random, 50, LONGEST_PAUSE), AbortSignal.any([this.#left.signal, this.#pause.signal]));
        if (this.#left.signal.aborted) throw new AgentError("aborted", "The terminal was left.");
      }
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#left.signal.aborted) return;
    this.#unconfirmed.push(bytes);
    this.#waiting += bytes.length;
    await this.#socket?.send(framed(STREAM.stdin, bytes)).catch(() => {}); // Sent again when it is back.
    while (this.#waiting > MOST_UNCONFIRMED && !this.#left.signal.aborted) await new Promise<void>((resolve) => this.#roomy.push(resolve));
  }

  resize(columns: number, rows: number): void {
    this.#size = { ...this.#size, columns: within(columns), rows: within(rows) };
    this.#say({ kind: "resize", columns: this.#size.columns, rows: this.#size.rows });
  }

  again(): void {
    this.#leave?.();
    this.#pause.abort();
  }

  close(): void {
    this.#say({ kind: "leave" });
    this.#left.abort();
    this.#makeRoom();
    this.#socket?.close();
  }

  /** One connection. Resolves with the program's end; rejects when the connection is over before. */
  async #once(connected: () => void): Promise<CommandExit> {
    const { promise, resolve, reject } = Promise.withResolvers<CommandExit>();
    promise.catch(() => {});
    // What an earlier connection gave is taken first: the offset to go on from is behind it.
    await this.#output.catch(() => {});
    const settle = (result: () => void) => void this.#output.then(result, reject);
    this.#leave = () => reject(lost());
    let opened: Socket | undefined;
    let isOver = false;
    opened = await this.#transport.socket(`${this.#workspace}/launches/${this.#launch}/terminal`, {
      message: (data) => {
        if (isOver) return;
        if (typeof data !== "string") {
          if (data[0] === STREAM.stdout) this.#deliver(data.subarray(1), opened, reject);
          return;
        }
        const message = controlOf(data);
        if (message?.kind === "started") {
          connected();
          this.#started(message, opened);
        } else if (message?.kind === "received") this.#confirm(message.bytes);
        else if (message?.kind === "notice") this.#options.onNotice?.(message.message);
        else if (message?.kind === "exit") settle(() => resolve({ exit: message.exit, limit: message.limit }));
        else if (message?.kind === "error") reject(new AgentError(isErrorCode(message.code) ? message.code : "internal", message.message));
      },
      closed: () => settle(() => reject(lost())),
    });
    try {
      this.#left.signal.throwIfAborted();
      const viewer = { name: this.#viewer, ...(this.#offset === undefined ? {} : { from: this.#offset }) };
      await opened.send(JSON.stringify({ kind: "start", terminal: this.#size, viewer } satisfies ClientControl));
      return await promise;
    } finally {
      isOver = true;
      this.#socket = undefined;
      this.#leave = undefined;
      clearTimeout(this.#tellTimer);
      this.#tellTimer = undefined;
      opened.close();
    }
  }

  #started({ offset = 0, present = 0, received = 0 }: Extract<ServerControl, { kind: "started" }>, socket: Socket | undefined): void {
    const skipped = this.#offset === undefined ? 0 : Math.max(0, offset - this.#offset);
    if (this.#offset === undefined) this.#live = present;
    this.#offset = offset;
    this.#taken = offset;
    this.#told = offset;
    this.#socket = socket;
    this.#confirm(received);
    for (const bytes of this.#unconfirmed) void socket?.send(framed(STREAM.stdin, bytes)).catch(() => {});
    this.#options.onState?.({ state: "connected", skipped });
  }

  #deliver(bytes: Uint8Array, socket: Socket | undefined, failed: (error: unknown) => void): void {
    const at = this.#offset ?? 0;
    this.#offset = at + bytes.length;
    const end = this.#offset;
    const before = this.#output;
    this.#output = (async () => {
      await before;
      // Callers may hand on whatever their stream gave: only a promise is waited for.
      const taken: unknown = this.#options.onOutput(bytes, end <= this.#live);
      if (taken instanceof Promise) {
        socket?.pause();
        await taken.finally(() => socket?.resume());
      }
      this.#tookUpTo(end, socket);
    })();
    this.#output.catch(failed);
  }

  #tookUpTo(offset: number, socket: Socket | undefined): void {
    if (socket !== this.#socket) return;
    this.#taken = offset;
    if (this.#taken - this.#told >= TELL_BYTES) this.#tell();
    else this.#tellTimer ??= setTimeout(() => this.#tell(), TELL_AFTER);
  }

  #tell(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    this.#told = this.#taken;
    this.#say({ kind: "taken", offset: this.#taken });
  }

  /** So many bytes of input have arrived; what stands before is forgotten. */
  #confirm(received: number): void {
    let over = received - this.#confirmed;
    if (over <= 0) return;
    this.#confirmed = received;
    this.#waiting -= over;
    while (over > 0) {
      const first = this.#unconfirmed[0];
      if (first === undefined) break;
      if (first.length > over) {
        this.#unconfirmed[0] = first.subarray(over);
        break;
      }
      over -= first.length;
      this.#unconfirmed.shift();
    }
    if (this.#waiting <= MOST_UNCONFIRMED) this.#makeRoom();
  }

  #makeRoom(): void {
    for (const go of this.#roomy.splice(0)) go();
  }

  #say(message: ClientControl): void {
    void this.#socket?.send(JSON.stringify(message)).catch(() => {});
  }

  /** A browser does not tell why a socket was refused, and a channel may break while its workspace is ready: the workspace itself tells. */
  async #reasonOf(thrown: unknown): Promise<AgentError> {
    const error = thrown instanceof AgentError ? thrown : lost(thrown);
    if (!hasCode(error, "unreachable", "workspace_not_ready")) return error;
    try {
      const answer = await this.#transport.openOnce("GET", this.#workspace);
      const { state, message } = (await answer.json()) as { state: string; message?: string };
      if (state === "ready") return hasCode(error, "unreachable") ? error : lost(error);
      return new AgentError("workspace_not_ready", `The workspace is ${state}${message === undefined ? "" : `: ${message}`}.`, {
        facts: { state },
      });
    } catch (reason) {
      return reason instanceof AgentError ? reason : error;
    }
  }
}

function mayPass(error: AgentError): boolean {
  return hasCode(error, "unreachable", "unavailable", "too_many_requests", "engine_unreachable");
}

function lost(cause?: unknown): AgentError {
  return new AgentError("unreachable", "The connection to the terminal was lost.", cause === undefined ? {} : { cause });
}

function within(value: number): number {
  return Math.min(1000, Math.max(1, Math.trunc(value)));
}

function controlOf(text: string): ServerControl | undefined {
  try {
    return JSON.parse(text) as ServerControl;
  } catch {
    return undefined;
  }
}
