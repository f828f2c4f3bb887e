import type { Readable, Writable } from "node:stream";

/** A terminal's input has raw mode; a pipe has not. */
export type CommandInput = Readable & { readonly isTTY?: boolean; readonly isRaw?: boolean; setRawMode?(raw: boolean): unknown };
export type CommandOutput = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** Everything that the command takes from its surroundings; only `main.ts` reads them. */
export interface CommandContext {
  readonly stdin: CommandInput;
  readonly stdout: CommandOutput;
  readonly stderr: CommandOutput;
  readonly credentialsPath: string;
  /** The person's own folder on this machine. */
  readonly home: string;
  /** Program and arguments by which this command is run again, by somebody else. */
  readonly self: readonly string[];
  /** False where NO_COLOR is set. */
  readonly color: boolean;
  readonly cwd: string;
  /** The value of TERM. */
  readonly terminalType: string;
  /** Calls back on Ctrl-C and on termination; returns how to stop that. */
  onInterrupt(handler: () => void): () => void;
  /** Calls back when the process ends in whatever way; returns how to stop that. */
  onExit(handler: () => void): () => void;
  /** Runs a program of the installation with this terminal; gives its exit code. */
  runProgram(program: string, args: readonly string[], cwd: string): Promise<number>;
}

/** Someone is there to answer and to read links. */
export function isInteractive(context: CommandContext): boolean {
  return context.stdin.isTTY === true && context.stdout.isTTY === true;
}
