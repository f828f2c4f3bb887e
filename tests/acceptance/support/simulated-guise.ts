import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPortal } from "#setup";
import { beginCommand } from "./command.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Guise really started, on the simulated engine, with a folder of its own: for what needs no sandbox. */
export class SimulatedGuise {
  readonly folder: string;
  readonly port: number;
  readonly #variables: Readonly<Record<string, string>>;
  #daemon: ChildProcess | undefined;

  private constructor(folder: string, port: number, variables: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.port = port;
    this.#variables = variables;
  }

  /** `variablesAt`: its settings, for who knows its port. */
  static async start(variablesAt: (port: number, folder: string) => Promise<Readonly<Record<string, string>>>): Promise<SimulatedGuise> {
    await buildPortal(ROOT, () => {});
    const folder = mkdtempSync(join(tmpdir(), "guise-simulated-"));
    const port = await freePort();
    const guise = new SimulatedGuise(folder, port, await variablesAt(port, folder));
    await guise.start();
    return guise;
  }

  get origin(): string {
    return `http://guise.localhost:${this.port}`;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const daemon = spawn(process.execPath, [join(ROOT, "daemon", "start.ts"), "--yes", "--no-samples", "--no-link"], {
      env: {
        ...process.env,
        ...{ GUISE_ENGINE: "memory", GUISE_HOME: join(this.folder, "home"), GUISE_PORT: String(this.port) },
        GUISE_CREDENTIALS: this.#credentials,
        ...this.#variables,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#daemon = daemon;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let said = "";
    for (const stream of [daemon.stdout, daemon.stderr])
      stream.on("data", (data) => {
        said += data;
        if (said.includes("Guise is up at")) resolve();
      });
    daemon.once("exit", (code) => reject(new Error(`Guise ended with ${code}: ${said}`)));
    await promise;
  }

  async kill(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, "exit");
    daemon.kill("SIGKILL");
    await ended;
  }

  /** The command, signed in as who started it. Gives what it said. */
  async guise(...args: string[]): Promise<string> {
    const { exit, stdout, stderr } = await beginCommand(args, this.#credentials).ended;
    if (exit !== 0) throw new Error(`guise ${args.join(" ")} ended with ${exit}: ${stderr}`);
    return stdout;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #credentials(): string {
    return join(this.folder, "owner.json");
  }
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, "close");
  return port;
}
