import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngineClient } from "#drivers/docker";
import { MIRROR_CACHE } from "#drivers/docker/mirror-cache";
import { SHARED_GUISE } from "#drivers/docker/shared-guise";
import { TEST_SLOT } from "#drivers/docker/test-slot";
import type { When } from "../../lifecycle/support/mortal.ts";
import { beginCommand, type Ran, type Running } from "./command.ts";
import { checkCalls, RecordedEngine } from "./recorded-engine.ts";
import { imageTags, setAside, takeBack } from "./set-aside.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
/** Images are kept between runs, for the base takes a minute; database and homes are new each time. */
const HOME = TEST_SLOT.home;
const PORT = String(TEST_SLOT.port);
/** A value in a persona's settings: it reaches the workspace, and by no way that the engine shows. */
const CANARY = "canary-8f3a61d09be24c57";
/** The Guise that files share. */
interface Shared {
  readonly folder: string;
}

/** Of the calls to the engine, in a world's folder. */
const RECORD = "engine-calls";
const BROKER = `http://127.0.0.1:${PORT}`;

/** A whole Guise on a real engine, in processes of its own, and the real command. */
export class World {
  static readonly port = Number(PORT);
  readonly #folder = mkdtempSync(join(tmpdir(), "guise-acceptance-"));
  readonly #engine: RecordedEngine | undefined;
  #daemon: ChildProcess | undefined;
  readonly #people = new Set(["owner"]);
  readonly #shared: Shared | undefined;
  readonly #variables: NodeJS.ProcessEnv;

  private constructor(options: { recorded?: boolean; variables?: NodeJS.ProcessEnv; shared?: Shared }) {
    this.#variables = options.variables ?? {};
    this.#shared = options.shared;
    this.#engine = options.recorded === true ? new RecordedEngine(HOME, join(this.#folder, RECORD)) : undefined;
  }

  /** The Guise that all files share which neither kill nor set it up otherwise. What a file leaves in it is given back by `close`. */
  static async shared(): Promise<World> {
    const shared = await SHARED_GUISE.use((await MIRROR_CACHE.use()).variables);
    const world = new World({ shared });
    copyFileSync(join(shared.folder, "owner.json"), world.credentials("owner"));
    return world;
  }

  /** A Guise of one's own. `recorded: false`: for tests that kill the engine, and the recorder before its socket with it. */
  static async open({ recorded = true, held = false, variables = {} as NodeJS.ProcessEnv } = {}): Promise<World> {
    if (!held) await SHARED_GUISE.end();
    const cache = held ? {} : (await MIRROR_CACHE.use()).variables;
    const world = new World({ recorded, variables: { ...cache, ...variables } });
    runBootstrapped("down");
    for (const state of ["database", "keys", "sandboxes", "run"]) rmSync(join(HOME, state), { recursive: true, force: true });
    mkdirSync(HOME, { recursive: true });
    await world.start();
    await takeBack(world.#client());
    return world;
  }

  /** Starts Guise; resolves when it answers. The base images may still be in the making: a request waits for its build. */
  async start(): Promise<void> {
    await this.#engine?.record(environment("/nonexistent"));
    await this.#run(join("daemon", "start.ts"), "--yes", "--no-samples");
  }

  /** A Guise that kills itself at its n-th step (see mortal-guise.ts); its steps are appended to the file. Resolves when it answers, or died. */
  async startMortal(file: string, step: number, when: When): Promise<{ readonly died: Promise<unknown> }> {
    const up = this.#run(join("tests", "acceptance", "support", "mortal-guise.ts"), file, String(step), when);
    const daemon = this.#daemon;
    if (daemon === undefined) throw new Error("nothing was started");
    const died = once(daemon, "exit");
    await Promise.race([up.catch(() => {}), died]);
    return { died };
  }

  async #run(program: string, ...args: string[]): Promise<void> {
    const daemon = spawn(process.execPath, [join(ROOT, program), ...args], {
      env: { ...environment(this.credentials("owner")), ...this.#variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#daemon = daemon;
    let said = "";
    const up = new Promise<void>((resolve, reject) => {
      daemon.stdout.on("data", (text) => {
        said += text;
        if (said.includes("Guise is up at")) resolve();
      });
      daemon.stderr.on("data", (text) => {
        said += text;
      });
      daemon.once("exit", (code) => reject(new Error(`Guise ended with ${code}: ${said}`)));
    });
    await up;
  }

  /** SIGSTOP and SIGCONT: it neither does nor hears anything meanwhile. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#daemon?.kill(signal);
  }

  /** kill -9: nothing is tidied up. */
  async kill(): Promise<void> {
    this.#daemon?.kill("SIGKILL");
    if (this.#daemon !== undefined && this.#daemon.exitCode === null && this.#daemon.signalCode === null) await once(this.#daemon, "exit");
  }

  /** Ctrl-C, and what Guise says then. */
  async interrupt(): Promise<string> {
    const daemon = this.#daemon;
    if (daemon === undefined) throw new Error("Guise does not run");
    let said = "";
    daemon.stdout?.on("data", (text) => {
      said += text;
    });
    daemon.kill("SIGINT");
    await once(daemon, "exit");
    return said;
  }

  /** Ends everything, or leaves a shared Guise as it was; rejects when any call to the engine broke a rule. */
  async close(): Promise<void> {
    if (this.#shared === undefined) await this.#end();
    else for (const person of this.#people) await this.#giveBack(person);
    try {
      const rules = { installation: this.installation(), devices: join(HOME, "sandboxes"), secrets: this.#secrets() };
      if (this.#shared !== undefined) checkCalls(join(this.#shared.folder, RECORD), rules);
      this.#engine?.check(rules);
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  async #end(): Promise<void> {
    // Where Guise died the engine may be away; the next world takes them back.
    await takeBack(this.#client()).catch(() => {});
    await this.down();
    if (this.#daemon !== undefined && this.#daemon.exitCode === null && this.#daemon.signalCode === null) await once(this.#daemon, "exit");
  }

  /** All that the person holds, kept homes too. */
  async #giveBack(person: string): Promise<void> {
    for (const { workspace_id } of await this.#listed<{ workspace_id: string }>(person, "ps"))
      await this.as(person, "release", workspace_id, "--with-home");
    for (const { home } of await this.#listed<{ home: string }>(person, "homes", "list")) await this.as(person, "homes", "delete", home);
  }

  async #listed<Row>(person: string, ...verb: string[]): Promise<readonly Row[]> {
    const { exit, stdout, stderr } = await this.as(person, ...verb, "--json");
    if (exit !== 0) throw new Error(`${person} could not list what is left: ${stderr}`);
    return JSON.parse(stdout) as readonly Row[];
  }

  async down(): Promise<Ran> {
    if (this.#shared !== undefined) throw new Error("a shared Guise is nobody's to end");
    const ran = runBootstrapped("down");
    await this.#engine?.end();
    return ran;
  }

  /** What nobody may find on the engine: the people's tokens, and what the persona sets. */
  #secrets(): string[] {
    const files = readdirSync(this.#folder).filter((name) => name.endsWith(".json"));
    const tokens = files.flatMap((name) => readFileSync(join(this.#folder, name), "utf8").match(/[\w.-]{32,}/g) ?? []);
    return [CANARY, ...tokens];
  }

  credentials(person: string): string {
    return join(this.#folder, `${person}.json`);
  }

  /** A new account, signed in with its one-time code on a machine of its own. A shared Guise may have had one of that name before. */
  async signIn(person: string, groups: readonly string[], broker = BROKER): Promise<void> {
    // By another way than the usual one it is the test's own, and may be cut.
    if (broker === BROKER) this.#people.add(person);
    const name = this.#shared === undefined ? person : `${person}-${process.pid}`;
    const made = await this.guise("admin", "account", "create", name, ...groups.flatMap((group) => ["--group", group]), "--json");
    const { sign_in_code } = JSON.parse(made.stdout) as { sign_in_code: string };
    const login = await this.as(person, "login", "--broker", broker, "--code", sign_in_code);
    if (login.exit !== 0) throw new Error(`${person} could not sign in: ${login.stderr}`);
  }

  guise(...args: string[]): Promise<Ran> {
    return this.as("owner", ...args);
  }

  as(person: string, ...args: string[]): Promise<Ran> {
    return this.begin(person, ...args).ended;
  }

  /** With something on its standard input. */
  guiseTold(input: string, ...args: string[]): Promise<Ran> {
    return beginCommand(args, this.credentials("owner"), input).ended;
  }

  /** Where a secret stands: Guise's own files (database, keys, what runs), and what the engine says of the installation's containers. */
  async filesWith(text: string): Promise<readonly string[]> {
    const folders = ["database", "keys", "run"].map((name) => join(HOME, name));
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    const found = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => readFileSync(path).includes(text));
    const containers = await this.#client().listContainers({ all: true, filters: { label: ["guise.workspace"] } });
    for (const { Id } of containers)
      if (JSON.stringify(await this.#client().getContainer(Id).inspect()).includes(text)) found.push(`container ${Id}`);
    return found;
  }

  /** A command that goes on; `saw` resolves when its output has the text. It runs in this process, as the command's own `main.ts` would run it. */
  begin(person: string, ...args: string[]): Running {
    return beginCommand(args, this.credentials(person));
  }

  async publish(definition: Readonly<Record<string, unknown>>, group = "engineering"): Promise<Ran> {
    return this.guise(
      "persona",
      "publish",
      this.file(`${String(definition.persona_id)}.json`, JSON.stringify(definition)),
      "--group",
      group,
    );
  }

  /** A file on the person's machine. */
  file(name: string, content: string): string {
    const path = this.path(name);
    writeFileSync(path, content);
    return path;
  }

  /** Where a file of that name would lie on the person's machine. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Containers on the engine that bear the workspace's label. */
  async containersOf(workspace: string): Promise<number> {
    return (await this.#containers(workspace)).length;
  }

  /** Those of all workspaces. */
  async containersOfAnybody(): Promise<number> {
    return (await this.#client().listContainers({ all: true, filters: { label: ["guise.workspace"] } })).length;
  }

  /** A shell command in the workspace by the engine itself: also while Guise is away. */
  async inside(workspace: string, script: string): Promise<void> {
    const main = (await this.#containers(workspace)).find(({ Labels }) => Labels["guise.role"] === "main");
    if (main === undefined) throw new Error(`the engine has no main container of ${workspace}`);
    const exec = await this.#client()
      .getContainer(main.Id)
      .exec({ Cmd: ["sh", "-c", script], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    stream.resume();
    await once(stream, "end");
    const { ExitCode } = await exec.inspect();
    if (ExitCode !== 0) throw new Error(`${script} ended with ${ExitCode} in the workspace`);
  }

  /** What the engine holds the workspace's programs to: millicores and bytes. */
  async limitsOf(workspace: string): Promise<{ readonly cpu: number; readonly ram: number }> {
    const containers = await Promise.all((await this.#containers(workspace)).map(({ Id }) => this.#client().getContainer(Id).inspect()));
    const main = containers.find(({ Config }) => Config.Labels["guise.role"] === "main");
    return { cpu: (main?.HostConfig.NanoCpus ?? 0) / 1e6, ram: main?.HostConfig.Memory ?? 0 };
  }

  #containers(workspace: string) {
    return this.#client().listContainers({ all: true, filters: { label: [`guise.workspace=${workspace}`] } });
  }

  #client() {
    const aside = join(HOME, "engine", "docker.sock.aside");
    return createEngineClient(this.#engine?.socket ?? (existsSync(aside) ? aside : join(HOME, "engine", "docker.sock")));
  }

  /** Removes the images of personas that Guise knows; the base images stay. */
  async removeImages(): Promise<void> {
    const client = this.#client();
    for (const tag of await imageTags(client)) await client.getImage(tag).remove({ force: true });
  }

  /** Until `close`: what is removed meanwhile is this file's. */
  setImagesAside(): Promise<void> {
    return setAside(this.#client());
  }

  installation(): string {
    return readFileSync(join(HOME, "installation"), "utf8").trim();
  }

  home(): string {
    return HOME;
  }
}

function environment(credentials: string): NodeJS.ProcessEnv {
  const { PATH, HOME: home, LANG } = process.env;
  return {
    ...mirrorSettings(),
    ...(PATH === undefined ? {} : { PATH }),
    ...(home === undefined ? {} : { HOME: home }),
    ...(LANG === undefined ? {} : { LANG }),
    GUISE_HOME: HOME,
    GUISE_PORT: PORT,
    GUISE_CREDENTIALS: credentials,
    NO_COLOR: "1",
  };
}

/** What the machine says of its package mirrors and proxies goes on to the daemon. */
function mirrorSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /proxy|^PIP_|^npm_config_|SSL_CERT|NODE_EXTRA_CA/i.test(name)));
}

function runBootstrapped(verb: "down"): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "daemon", `${verb}.ts`)], {
    env: environment("/nonexistent"),
    encoding: "utf8",
  });
  return { exit: status ?? 255, stdout, stderr };
}

/** A persona that builds in seconds; `over` changes it. */
export function tinyPersona(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    persona_id: "tiny",
    persona_name: "Tiny",
    parameters: { region: { type: "string", default: "EU" } },
    required_applications: ["git", "apt:jq"],
    application_configuration: {
      git: {},
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the persona language
      variables: { REPORT_REGION: "${parameter:region}", REPORT_BUCKET: "reports", CANARY },
      files: { "~/.config/tiny.json": { format: "json", merge: { theme: "dark" } } },
    },
    environments: {
      production: {},
      staging: {
        application_configuration: {
          variables: { REPORT_BUCKET: "reports-staging" },
          files: { "~/.config/tiny.json": { format: "json", merge: { theme: "light" } } },
        },
      },
    },
    resource_requirements: { cpu: "500m", ram: "256Mi", storage: "64Mi", network_bandwidth: "20Mbit" },
    access_controls: { data_sources: [{ source: "sample-sales", access: "read" }] },
    ...over,
  };
}
