import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Person } from "./person.ts";
import { openProvider } from "./provider.ts";
import { Target } from "./target.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface Opened {
  readonly target: Target;
  close(): Promise<void>;
}

/** One that runs already: the credentials are those of somebody with all roles. */
export async function attach(broker: URL, credentialsPath: string): Promise<Opened> {
  const { sign_in } = JSON.parse(await readFile(credentialsPath, "utf8")) as { sign_in: string };
  const owner = Person.at(broker, sign_in, credentialsPath);
  const status = await (await owner.agent()).admin.status();
  const hasEngine = status.engine.facts.simulated !== true;
  const target = await Target.open({ broker, owner, provider: undefined, hasEngine, isAlone: false });
  return { target, close: () => target.close() };
}

/** One of our own, with an identity provider of the attacker's; nothing of it is left after `close`, but images where `home` is given. */
export async function start(engine: "memory" | "own", home: string | undefined): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "guise-attacked-"));
  const provider = await openProvider();
  const port = await freePort();
  const credentials = join(folder, "owner.json");
  const environment = {
    ...process.env,
    ...{ GUISE_ENGINE: engine, GUISE_HOME: home ?? join(folder, "home"), GUISE_PORT: String(port) },
    ...{ GUISE_CREDENTIALS: credentials, GUISE_ISSUER: provider.issuer, GUISE_ISSUER_AUDIENCE: provider.audience },
    ...{ GUISE_ISSUER_KEYS: provider.keys, GUISE_ISSUER_ROLES: "user=user,operator=operator" },
  };
  const daemon = await started(environment).catch(async (error: unknown) => {
    provider.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const broker = new URL(`http://127.0.0.1:${port}`);
  const { sign_in } = JSON.parse(await readFile(credentials, "utf8")) as { sign_in: string };
  const owner = Person.at(broker, sign_in, credentials);
  const target = await Target.open({ broker, owner, provider, hasEngine: engine === "own", isAlone: true });
  return {
    target,
    async close() {
      await target.close().catch(() => {});
      if (daemon.exitCode === null) daemon.kill("SIGTERM");
      if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, "exit");
      if (engine === "own")
        await once(spawn(process.execPath, [join(ROOT, "daemon", "down.ts")], { env: environment, stdio: "ignore" }), "exit");
      provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const daemon = spawn(process.execPath, [join(ROOT, "daemon", "start.ts"), "--yes", "--no-samples", "--no-link"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text;
      if (said.includes("Guise is up at")) resolve();
    };
    daemon.stdout.on("data", hear);
    daemon.stderr.on("data", hear);
    daemon.once("exit", (code) => reject(new Error(`Guise ended with ${code}: ${said.slice(-2000)}`)));
  });
  return daemon;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Where the command keeps who is signed in. */
export function usualCredentials(): string {
  return process.env.GUISE_CREDENTIALS ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "guise", "credentials.json");
}
