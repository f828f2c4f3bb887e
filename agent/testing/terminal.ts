import { PassThrough } from "node:stream";
import type { CommandContext } from "../command/context.ts";

/** Surroundings of a command, in memory. */
export interface FakeTerminal {
  readonly context: CommandContext;
  readonly stdin: PassThrough & { isTTY?: boolean; isRaw?: boolean };
  out(): string;
  err(): string;
  /** Every value that raw mode was set to. */
  readonly rawModes: boolean[];
  readonly programs: { program: string; args: readonly string[]; cwd: string }[];
  resize(columns: number, rows: number): void;
  interrupt(): void;
  /** What would run if the process ended now. */
  endProcess(): void;
}

export interface TerminalOptions {
  readonly credentialsPath?: string;
  readonly home?: string;
  readonly cwd?: string;
  readonly tty?: boolean;
  readonly color?: boolean;
  readonly terminalType?: string;
}

export function fakeTerminal(options: TerminalOptions = {}): FakeTerminal {
  const tty = options.tty === true;
  const rawModes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: tty,
    isRaw: false,
    setRawMode(raw: boolean) {
      rawModes.push(raw);
      stdin.isRaw = raw;
    },
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: tty, columns: 100, rows: 30 });
  const stderr = Object.assign(new PassThrough(), { isTTY: tty, columns: 100, rows: 30 });
  const text = { out: "", err: "" };
  for (const stream of [stdout, stderr]) stream.setEncoding("utf8");
  stdout.on("data", (bytes) => (text.out += bytes));
  stderr.on("data", (bytes) => (text.err += bytes));
  const interrupts = new Set<() => void>();
  const exits = new Set<() => void>();
  const programs: FakeTerminal["programs"] = [];
  return {
    stdin,
    rawModes,
    programs,
    out: () => text.out,
    err: () => text.err,
    resize(columns, rows) {
      Object.assign(stdout, { columns, rows });
      stdout.emit("resize");
    },
    interrupt: () => [...interrupts].forEach((run) => void run()),
    endProcess: () => [...exits].forEach((run) => void run()),
    context: {
      stdin,
      stdout,
      stderr,
      credentialsPath: options.credentialsPath ?? "/nonexistent/credentials.json",
      home: options.home ?? "/nonexistent",
      self: ["/usr/bin/guise"],
      color: options.color === true,
      cwd: options.cwd ?? "/",
      terminalType: options.terminalType ?? "xterm-256color",
      onInterrupt: (run) => registered(interrupts, run),
      onExit: (run) => registered(exits, run),
      async runProgram(program, args, cwd) {
        programs.push({ program, args, cwd });
        return 0;
      },
    },
  };
}

function registered(set: Set<() => void>, run: () => void): () => void {
  set.add(run);
  return () => set.delete(run);
}
