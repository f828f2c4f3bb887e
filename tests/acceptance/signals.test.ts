/** Guise really started by `npm start`, on the simulated engine, several at once. What is asked is how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildPortal } from "#setup";

const ROOT = join(import.meta.dirname, "..", "..");
const COMMAND = join(ROOT, "guise");
let folder: string;
const started: Installation[] = [];

// Once, for those that start at the same time.
beforeAll(() => buildPortal(ROOT, () => {}));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-signals-"));
  // Whoever works in this checkout has his command back afterwards.
  if (existsSync(COMMAND)) cpSync(COMMAND, join(folder, "command"));
  rmSync(COMMAND, { force: true });
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.end();
  rmSync(COMMAND, { force: true });
  if (existsSync(join(folder, "command"))) cpSync(join(folder, "command"), COMMAND);
  rmSync(folder, { recursive: true, force: true });
});

class Installation {
  readonly home: string;
  readonly #process: ChildProcess;
  said = "";

  private constructor(home: string, process: ChildProcess) {
    this.home = home;
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (text) => (this.said += text));
    started.push(this);
  }

  /** Resolves when it has said all. `wrapped`: what npm is started by. */
  static async start(name: string, wrapped: (command: string) => readonly string[] = (command) => ["sh", "-c", `exec ${command}`]) {
    const home = join(folder, name);
    const [program = "", ...args] = wrapped("npm start -- --yes --no-samples --no-link");
    const { GUISE_CREDENTIALS: _, ...variables } = process.env;
    const child = spawn(program, args, {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...variables,
        GUISE_HOME: home,
        GUISE_ENGINE: "memory",
        GUISE_PORT: String(await freePort()),
        XDG_CONFIG_HOME: join(folder, "config"),
      },
    });
    const installation = new Installation(home, child);
    await installation.says("State and log:");
    return installation;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Guise itself, as it wrote itself down. */
  get daemon(): number {
    return (JSON.parse(readFileSync(join(this.home, "run", "guise.json"), "utf8")) as { pid: number }).pid;
  }

  async says(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.said, { timeout: 60_000, interval: 20 }).toMatch(text);
  }

  /** When nothing of it runs any more. */
  async ended(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    await expect.poll(() => existsSync(join(this.home, "run", "guise.json")), { timeout: 40_000, interval: 20 }).toBe(false);
  }

  async end(): Promise<void> {
    if (existsSync(join(this.home, "run", "guise.json"))) process.kill(this.daemon, "SIGTERM");
    await this.ended();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A terminal of its own, as a person has it. */
const inTerminal = (command: string) => ["script", "-qefc", command, "/dev/null"];

test("whoever of those that `npm start` starts is sent SIGINT, also in a terminal, Guise ends; and so it does with its terminal", async () => {
  const ways: Readonly<Record<string, (one: Installation) => void>> = {
    npm: ({ pid }) => process.kill(pid, "SIGINT"),
    group: ({ pid }) => process.kill(-pid, "SIGINT"),
    key: ({ daemon }) => process.kill(-groupOf(daemon), "SIGINT"),
    child: ({ daemon }) => process.kill(parentOf(daemon), "SIGINT"),
    // the window is closed, or the connection to it lost
    hangup: ({ pid }) => process.kill(pid, "SIGKILL"),
  };
  const ending = Object.entries(ways).map(async ([name, end]) => {
    const one = await Installation.start(name, name === "npm" || name === "group" ? undefined : inTerminal);
    end(one);
    await one.ended();
    // Copies of one signal are no second one, which would hurry it.
    if (name !== "hangup") expect(one.said, name).toContain("Guise stops; no workspace was running");
  });
  await Promise.all(ending);
});

test("a second installation leaves ./guise to the first while that runs, and says how it is reached", async () => {
  const first = await Installation.start("first");
  const second = await Installation.start("second");
  expect(second.said).toContain(`./guise stays with the Guise on ${first.home}, which runs`);
  expect(second.said).toContain(`${second.home}/guise is signed in as`);
  for (const [command, { home }] of [
    [COMMAND, first],
    [join(second.home, "guise"), second],
  ] as const)
    expect(await statusOf(command)).toBe(readFileSync(join(home, "installation"), "utf8").trim());
});

function parentOf(pid: number): number {
  return Number(fieldsOf(pid)[1]);
}

function groupOf(pid: number): number {
  return Number(fieldsOf(pid)[2]);
}

function fieldsOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** The id of the installation that answers to a command. */
async function statusOf(command: string): Promise<string> {
  const child = spawn(command, ["admin", "status", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  await once(child, "close");
  return (JSON.parse(said) as { installation: string }).installation;
}
