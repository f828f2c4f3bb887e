import { type ClientControl, type LimitNote, LONGEST_CONTROL, type ServerControl, STREAM } from "@guise/contract";
import { AgentError, isErrorCode } from "./agent-error.ts";
import type { Socket, SocketHandlers } from "./socket.ts";

export interface CommandExit {
  /** The command's own code; 128 + the signal's number when a signal ended it. */
  readonly exit: number;
  readonly signal?: string | undefined;
  /** With 137: the kernel ended a program of the workspace while it ran, because of its ram. */
  readonly limit?: LimitNote | undefined;
}

/** Takes output; while its promise is open no more is read, where the platform can pause. */
export type OnOutput = (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;

/** What concerns the workspace and is no part of the output: it is about to be suspended, say. */
export type OnNotice = (message: string) => void;

/** A command, terminal or connection that runs inside a workspace. */
export interface CommandSession {
  /** Resolves when more may be written. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more standard input will come. */
  end(): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  signal(signal: "INT" | "TERM" | "HUP" | "KILL" | "QUIT" | "WINCH"): Promise<void>;
  /** Drops the connection; what runs behind a launch goes on. */
  close(): void;
  /** Resolves after all output was taken; rejects with AgentError, `unreachable` when the connection was lost. */
  readonly exit: Promise<CommandExit>;
}

export type OpenStream = (handlers: SocketHandlers) => Promise<Socket>;

/** Speaks the stream protocol of the contract over one socket. */
export async function openSession(
  open: OpenStream,
  start: ClientControl | undefined,
  onOutput: OnOutput,
  onNotice?: OnNotice,
): Promise<CommandSession> {
  if (new TextEncoder().encode(JSON.stringify(start ?? null)).length > LONGEST_CONTROL)
    throw new AgentError(
      "payload_too_large",
      `The command line is longer than ${LONGEST_CONTROL} bytes; give its content by standard input or as a file.`,
    );
  const { promise: exit, resolve, reject } = Promise.withResolvers<CommandExit>();
  let output: Promise<void> = Promise.resolve();
  let socket: Socket | undefined;

  const deliver = (stream: "stdout" | "stderr", bytes: Uint8Array) => {
    const before = output;
    output = (async () => {
      await before;
      const taken = onOutput(stream, bytes);
      if (taken === undefined) return;
      socket?.pause();
      await taken.finally(() => socket?.resume());
    })();
    output.catch((error: unknown) => {
      reject(error);
      socket?.close();
    });
  };
  const settle = (result: () => void) => void output.then(result, reject);

  socket = await open({
    message(data) {
      if (typeof data === "string") return control(data, (done) => settle(() => resolve(done)), reject, onNotice);
      if (data[0] === STREAM.stdout) deliver("stdout", data.subarray(1));
      else if (data[0] === STREAM.stderr) deliver("stderr", data.subarray(1));
    },
    closed: (clean) =>
      settle(() => {
        // A raw connection has no exit code: its goodbye is its end.
        if (clean && start === undefined) resolve({ exit: 0 });
        else reject(new AgentError("unreachable", "The connection to the workspace was lost."));
      }),
  });
  const opened = socket;
  const send = (message: ClientControl) => opened.send(JSON.stringify(message));
  if (start !== undefined) await send(start);
  const ended = exit.finally(() => opened.close());
  ended.catch(() => {}); // Who does not ask for the exit is not told of it by an unhandled rejection.
  return {
    write: (bytes) => opened.send(framed(STREAM.stdin, bytes)),
    end: () => send({ kind: "end" }),
    resize: (columns, rows) => send({ kind: "resize", columns, rows }),
    signal: (signal) => send({ kind: "signal", signal }),
    close: () => opened.close(),
    exit: ended,
  };
}

function control(
  text: string,
  exited: (exit: CommandExit) => void,
  failed: (error: AgentError) => void,
  onNotice: OnNotice | undefined,
): void {
  const message = serverControl(text);
  if (message?.kind === "notice") onNotice?.(message.message);
  if (message?.kind === "exit") exited({ exit: message.exit, signal: message.signal, limit: message.limit });
  if (message?.kind === "error") failed(new AgentError(isErrorCode(message.code) ? message.code : "internal", message.message));
}

function serverControl(text: string): ServerControl | undefined {
  try {
    return JSON.parse(text) as ServerControl;
  } catch {
    return undefined;
  }
}

export function framed(stream: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(bytes.length + 1);
  message[0] = stream;
  message.set(bytes, 1);
  return message;
}
