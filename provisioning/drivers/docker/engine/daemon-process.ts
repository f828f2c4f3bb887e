import { spawn } from "node:child_process";
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { type Clock, codeOf, delay } from "#foundation";
import { EngineError } from "./engine-errors.ts";
import type { DaemonFiles } from "./engine-layout.ts";
import { livingProcess, processesWith, signalProcess, untilEnded } from "./process-life.ts";
import { TOOL_VARIABLES, toolMissing } from "./run-tool.ts";

const START_LIMIT = 30_000;
const STOP_LIMIT = 30_000;
/** Beyond this a log begins anew at the next start. */
const LOG_LIMIT = 20 * 2 ** 20;

/** One of the engine's two daemons. It outlives Guise: started in a session of its own, found again by its pid file. */
export class DaemonProcess {
  readonly #files: DaemonFiles;
  readonly #args: readonly string[];
  /** One argument that no other process has. */
  readonly #mark: string;
  readonly #clock: Clock;

  constructor(files: DaemonFiles, args: readonly string[], mark: string, clock: Clock) {
    this.#files = files;
    this.#args = args;
    this.#mark = mark;
    this.#clock = clock;
  }

  /** The pid file is asked first; without it (whoever started the daemon died before writing it) all processes are. */
  async pid(): Promise<number | undefined> {
    const known = await livingProcess(this.#files.pid, this.#files.program, this.#mark);
    return known ?? (await processesWith(this.#files.program, this.#mark))[0];
  }

  /** Starts the daemon unless it lives, and resolves when `answers` does. Rejects `engine_failed` with the end of its log. */
  async start(answers: () => Promise<boolean>): Promise<void> {
    if ((await this.pid()) === undefined) {
      await rm(this.#files.socket, { force: true });
      await this.#spawn();
    }
    const end = this.#clock.monotonic() + START_LIMIT;
    while (!(await answers())) {
      const lives = (await this.pid()) !== undefined;
      if (!lives || this.#clock.monotonic() >= end) throw await this.#failed(lives ? "does not answer" : "ended at once");
      await delay(this.#clock, 25);
    }
  }

  /** Ends the daemon: asked first, then killed. Absent is success. */
  async stop(): Promise<void> {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const pid = await this.pid();
      if (pid === undefined) break;
      signalProcess(pid, signal);
      await untilEnded(async () => (await this.pid()) !== undefined, this.#clock, STOP_LIMIT);
    }
    if ((await this.pid()) !== undefined) throw await this.#failed("does not stop");
    await rm(this.#files.pid, { force: true });
    await rm(this.#files.socket, { force: true });
  }

  async #spawn(): Promise<void> {
    const large = await stat(this.#files.log).then(
      ({ size }) => size > LOG_LIMIT,
      () => false,
    );
    const log = await open(this.#files.log, large ? "w" : "a", 0o600);
    try {
      const child = spawn(this.#files.program, this.#args, {
        detached: true,
        cwd: "/",
        env: TOOL_VARIABLES,
        stdio: ["ignore", log.fd, log.fd],
      });
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", (error) => reject(codeOf(error) === "ENOENT" ? toolMissing(this.#files.program) : error));
      });
      child.unref();
      await writeFile(this.#files.pid, String(child.pid));
    } finally {
      await log.close();
    }
  }

  async #failed(what: string): Promise<EngineError> {
    const log = await readFile(this.#files.log, "utf8").catch(() => "");
    const said = log.trimEnd().split("\n").slice(-3).join("\n");
    return new EngineError("engine_failed", `${this.#files.program} ${what}. Its log (${this.#files.log}) ends:\n${said}`);
  }
}
