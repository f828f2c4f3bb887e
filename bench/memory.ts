/**
 * What Guise itself takes: its process with a hundred ready workspaces on the simulated engine, each of them asked one command, and
 * Guise's own programs inside an idle workspace on the real one. Memory as PSS: pages that several share are counted in parts.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersonaAgent } from "@guise/agent";
import { createEngineClient, type EngineClient, OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { ENGINE_HOME, open, publish } from "./opened.ts";

const WORKSPACES = 100;
const AT_ONCE = 10;
const SMALL = { cpu: "50m", ram: "64Mi", storage: "64Mi", network_bandwidth: "1Mbit" };
const PERSONA = {
  persona_id: "bench-memory",
  persona_name: "Bench memory",
  required_applications: ["apt:jq"],
  resource_requirements: SMALL,
};
/** Ms until a workspace that has just answered counts as idle. */
const SETTLED = 3000;

if (process.argv[2] === "serve") await serve(String(process.argv[3]));
else {
  await processWithWorkspaces();
  await insideIdleWorkspace();
}

/** In a process of its own, so that nothing but Guise is in it. */
async function serve(home: string): Promise<void> {
  const opened = await open({ GUISE_HOME: home, GUISE_PORT: "7078", GUISE_ENGINE: "memory" });
  await publish(opened, PERSONA);
  process.send?.({ broker: opened.daemon.address, sign_in: opened.signIn });
}

async function processWithWorkspaces(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "guise-bench-memory-"));
  const served = fork(import.meta.filename, ["serve", home]);
  try {
    const [{ broker, sign_in }] = await once(served, "message");
    const agent = await PersonaAgent.connect({ broker, token: { sign_in } });
    const before = await takenBy(served.pid ?? 0);
    const left = Array.from({ length: WORKSPACES }, (_, index) => index);
    const person = async () => {
      while (left.pop() !== undefined) await (await agent.requestPersona(PERSONA.persona_id)).exec(["true"]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, person));
    await new Promise((resolve) => setTimeout(resolve, SETTLED));
    const after = await takenBy(served.pid ?? 0);
    print("Guise, nothing requested yet", before);
    print(`Guise, ${WORKSPACES} workspaces ready, each asked one command`, after);
  } finally {
    served.kill("SIGKILL");
    await rm(home, { recursive: true, force: true });
  }
}

async function insideIdleWorkspace(): Promise<void> {
  const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
  await publish(opened, PERSONA);
  const workspace = await opened.agent.requestPersona(PERSONA.persona_id);
  await workspace.exec(["true"]);
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const engine = new OwnEngine({ home: ENGINE_HOME, installation: opened.daemon.installation, log: silentLog, clock: systemClock });
  const client = createEngineClient((await engine.up(() => {})).socketPath);
  const { main, guard } = await containersOf(client, workspace.view.workspace_id);
  await printContainer("the workspace", main);
  await printContainer("its guard", guard);
  await workspace.release();
  await opened.daemon.stop();
  await engine.down();
  process.exit(0);
}

/** The main container and the guard whose network it uses. */
async function containersOf(client: EngineClient, workspace: string) {
  const [found] = await client.listContainers({ filters: { label: [`guise.workspace=${workspace}`, "guise.role=main"] } });
  if (found === undefined) throw new Error(`no container of ${workspace} runs`);
  const main = client.getContainer(found.Id);
  const { HostConfig } = await main.inspect();
  const guard = client.getContainer(String(HostConfig.NetworkMode).replace("container:", ""));
  return { main, guard };
}

async function printContainer(name: string, container: ReturnType<EngineClient["getContainer"]>): Promise<void> {
  const { Titles, Processes } = await container.top();
  const [pid, command] = [Titles.indexOf("PID"), Titles.indexOf("CMD")];
  const { memory_stats } = await container.stats({ stream: false, "one-shot": true });
  print(`${name}: charged to its group, with cached files`, memory_stats.usage);
  for (const process of Processes) print(`  ${process[command]}`, await takenBy(Number(process[pid])));
}

/** Bytes of a process, those that it shares in parts (PSS). */
async function takenBy(pid: number): Promise<number> {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}

function print(what: string, bytes: number): void {
  process.stdout.write(`${what.slice(0, 90).padEnd(92)} ${(bytes / 2 ** 20).toFixed(1).padStart(7)} MiB\n`);
}
