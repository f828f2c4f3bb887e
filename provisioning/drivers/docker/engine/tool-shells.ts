import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { shellWords } from "#provisioning";

export interface ToolResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Shells that wait for the next program; what is beyond is ended when it has no work left. */
const KEPT = 3;
/** Bytes of one stream of one program. */
const MOST = 16 * 2 ** 20;
/** What the shell says in place of an exit code when it does not find the program. */
const MISSING = "missing";

/**
 * Shells that run programs for us, one at a time each. To start a program, a process copies its table of pages: 3 ms of standstill for each
 * 100 MiB that it has, measured; a shell has none to speak of, and takes 1 ms for it all, beside us. They end with us, however we end.
 */
export class ToolShells {
  readonly #variables: Readonly<Record<string, string>>;
  readonly #idle: ToolShell[] = [];

  constructor(variables: Readonly<Record<string, string>>) {
    this.#variables = variables;
  }

  /** Runs a program to its end, whatever its exit code, without standard input. Undefined: there is no such program. */
  async run(program: string, args: readonly string[]): Promise<ToolResult | undefined> {
    const shell = this.#take();
    try {
      return await shell.run(program, args);
    } finally {
      if (this.#idle.length < KEPT) this.#idle.push(shell);
      else shell.end();
    }
  }

  #take(): ToolShell {
    for (;;) {
      const shell = this.#idle.pop();
      if (shell === undefined) return new ToolShell(this.#variables);
      if (shell.alive) return shell;
    }
  }
}

interface Order {
  readonly mark: string;
  readonly resolve: (result: ToolResult | undefined) => void;
  readonly reject: (error: Error) => void;
}

class ToolShell {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #said = { stdout: "", stderr: "" };
  #order: Order | undefined;

  constructor(variables: Readonly<Record<string, string>>) {
    // A session of its own: a Ctrl-C of our terminal is ours to answer, and its last programs are part of the answer.
    this.#child = spawn("/bin/sh", [], { env: { ...variables }, cwd: "/", detached: true, stdio: ["pipe", "pipe", "pipe"] });
    for (const name of ["stdout", "stderr"] as const)
      this.#child[name].setEncoding("utf8").on("data", (text: string) => {
        this.#said[name] += text;
        if (this.#said[name].length > MOST) this.#fail(new Error("a program printed more than 16 MiB"));
        this.#look();
      });
    this.#child.stdin.on("error", () => {});
    this.#child.once("error", (error) => this.#fail(error));
    this.#child.once("exit", () => this.#fail(new Error("the shell that ran it has ended")));
    this.#hold(false);
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
  }

  run(program: string, args: readonly string[]): Promise<ToolResult | undefined> {
    const words = shellWords([program, ...args]);
    return new Promise((resolve, reject) => {
      const mark = randomBytes(12).toString("hex");
      this.#order = { mark, resolve, reject };
      this.#said = { stdout: "", stderr: "" };
      this.#hold(true);
      const order = `if command -v ${shellWords([program])} > /dev/null; then ${words} < /dev/null; e=$?; else e=${MISSING}; fi`;
      this.#child.stdin.write(`${order}; echo "${mark} $e"; echo ${mark} >&2\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }

  #look(): void {
    if (this.#order === undefined) return;
    const { mark, resolve } = this.#order;
    const [stdout, last] = this.#said.stdout.split(mark, 2);
    const [stderr, end] = this.#said.stderr.split(mark, 2);
    if (stdout === undefined || stderr === undefined || last?.endsWith("\n") !== true || end === undefined) return;
    this.#order = undefined;
    this.#hold(false);
    const exit = last.trim();
    resolve(exit === MISSING ? undefined : { exit: Number(exit), stdout, stderr });
  }

  #fail(error: Error): void {
    this.#child.kill("SIGKILL");
    this.#order?.reject(error);
    this.#order = undefined;
  }

  /** Only a program that runs keeps us from ending. */
  #hold(holds: boolean): void {
    for (const one of [this.#child, ...(this.#child.stdio.slice(0, 3) as unknown as Socket[])]) holds ? one.ref() : one.unref();
  }
}
