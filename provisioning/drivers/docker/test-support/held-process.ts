import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { TEST_SLOT } from "./test-slot.ts";

interface Held {
  readonly pid: number;
  /** Process of the test run that started it: another run has other code. */
  readonly run: number;
  /** What it says to whoever uses it. */
  readonly facts: unknown;
}

/**
 * A process that outlives the test file that needed it first, and serves the files after it: started by `start` with the program, which
 * calls `hold` when it is up and ends in order on SIGTERM.
 */
export class HeldProcess<Facts> {
  readonly #file: string;
  readonly #program: string;

  constructor(name: string, program: string) {
    this.#file = join(TEST_SLOT.home, `${name}.json`);
    this.#program = program;
  }

  /** What the one of this run of the tests said of itself; started where none runs, with these variables too. */
  async use(variables: Readonly<Record<string, string>> = {}): Promise<Facts> {
    const held = this.#running();
    if (held?.run === process.ppid) return held.facts as Facts;
    await this.end();
    await this.#start(variables);
    const started = this.#running();
    if (started === undefined) throw new Error(`${this.#program} did not start`);
    return started.facts as Facts;
  }

  /** Ends it, whoever started it, and waits for that. */
  async end(): Promise<void> {
    const held = this.#running();
    if (held === undefined) return;
    process.kill(held.pid, "SIGTERM");
    while (existsSync(`/proc/${held.pid}`)) await setTimeout(20);
  }

  /** For the program itself. */
  hold(facts: Facts, end: () => Promise<void>): void {
    const held: Held = { pid: process.pid, run: Number(process.argv[2]), facts };
    writeFileSync(this.#file, JSON.stringify(held));
    process.once("SIGTERM", async () => {
      await end();
      rmSync(this.#file, { force: true });
      process.exit(0);
    });
    process.stdout.write("up\n");
  }

  #running(): Held | undefined {
    if (!existsSync(this.#file)) return undefined;
    const held = JSON.parse(readFileSync(this.#file, "utf8")) as Held;
    return existsSync(`/proc/${held.pid}`) ? held : undefined;
  }

  async #start(variables: Readonly<Record<string, string>>): Promise<void> {
    const holder: ChildProcess = spawn(process.execPath, [this.#program, String(process.ppid)], {
      env: { ...process.env, ...variables },
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (holder.stdout === null) throw new Error("no output");
    await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
    holder.stdout.destroy();
    holder.unref();
  }
}
