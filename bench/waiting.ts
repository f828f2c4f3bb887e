/**
 * What a long queue costs who asks: from the commit of a request to the commit of its admission, with nobody waiting and with 50,000 who
 * wait, in one run, through HTTP, loop and the simulated engine. What waits asks for more than is free; what is measured fits beside it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { silentLog, systemClock } from "#foundation";
import { openSqliteRepository, type Repository } from "#repository";
import { installationOf, makeFolders } from "../daemon/folders.ts";
import { type Opened, open, publish } from "./opened.ts";

const WAITING = Number(process.argv[2] ?? 50_000);
const PEOPLE = 5_000;
const ROUNDS = 40;
/** Writes that are under way at once while the queue is made. */
const AT_ONCE = 256;
const MIB = 2 ** 20;
/** Two of these never fit together on the simulated node, and the small one fits beside the one. */
const LARGE = { cpu: 1000, ram: 12 * 1024 * MIB, storage: MIB, ingress: 1e6, egress: 1e6 };
const PERSONA = {
  persona_id: "bench-waiting",
  persona_name: "Bench waiting",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "50m", ram: "64Mi", storage: "64Mi", network_bandwidth: "1Mbit" },
};

const home = await mkdtemp(join(tmpdir(), "guise-bench-waiting-"));
const variables = { GUISE_HOME: home, GUISE_PORT: "7076", GUISE_ENGINE: "memory", GUISE_BYPASS_LIMIT: "1000000" };
try {
  const alone = await measured("nobody waits", true);
  await fillQueue();
  const crowded = await measured(`${WAITING.toLocaleString("en")} wait`, false);
  const ratio = crowded / alone;
  console.log(`ratio of medians: ${ratio.toFixed(2)}   bar <= 2   ${ratio <= 2 ? "met" : "MISSED"}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
process.exit(0);

/** The median of some rounds, ms. */
async function measured(name: string, first: boolean): Promise<number> {
  const began = performance.now();
  const opened = await open(variables);
  const up = performance.now() - began;
  if (first) await publish(opened, PERSONA);
  await round(opened);
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const times: number[] = [];
  for (let count = 0; count < ROUNDS; count++) times.push(await round(opened));
  lag.disable();
  await opened.daemon.stop();
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  console.log(
    `${name.padEnd(16)} request → admission: median ${quantile(0.5).toFixed(1)} ms, p90 ${quantile(0.9).toFixed(1)} ms, most ${quantile(1).toFixed(1)} ms; ` +
      `event loop at most ${(lag.max / 1e6).toFixed(0)} ms late; Guise was up in ${(up / 1000).toFixed(1)} s`,
  );
  return quantile(0.5);
}

async function round({ agent, daemon }: Opened): Promise<number> {
  const times = new Map<string, { queued?: number; admitted?: number }>();
  const stop = daemon.repository.onEvents((events) => {
    for (const { workspace, kind, state } of events) {
      if (kind !== "state" || (state !== "queued" && state !== "provisioning")) continue;
      const seen = times.get(workspace) ?? {};
      if (state === "queued") seen.queued = performance.now();
      else seen.admitted = performance.now();
      times.set(workspace, seen);
    }
  });
  const workspace = await agent.requestPersona(PERSONA.persona_id);
  stop();
  const { queued = Number.NaN, admitted = Number.NaN } = times.get(workspace.view.workspace_id) ?? {};
  await workspace.release();
  return admitted - queued;
}

/** As if that many had asked; the next start of Guise finds them. */
async function fillQueue(): Promise<void> {
  const folders = await makeFolders(home);
  const installation = await installationOf(folders);
  const repository = await openSqliteRepository({ folder: folders.database, installation, clock: systemClock, log: silentLog });
  const left = Array.from({ length: WAITING }, (_, index) => index);
  const concrete = await concreteIn(repository);
  const person = async () => {
    for (let index = left.pop(); index !== undefined; index = left.pop()) await ask(repository, index, concrete);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, person));
  await repository.close();
}

/** As the request that was measured first was resolved. */
async function concreteIn(repository: Repository): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await repository.workspaces({ persona: PERSONA.persona_id, limit: 1 });
  if (row === undefined) throw new Error("nothing was requested");
  return row.concrete;
}

async function ask(repository: Repository, index: number, concrete: Readonly<Record<string, unknown>>): Promise<void> {
  const id = `w-bench${String(index).padStart(8, "0")}`;
  const at = Date.now();
  await repository.createWorkspace(
    {
      ...{ id, owner: `bench|person-${index % PEOPLE}`, group: "analytics", persona: PERSONA.persona_id, personaName: "Bench" },
      ...{ version: 1, environment: "production", name: `n${index}`, parameters: {}, priority: "normal" },
      ...{ demand: LARGE, concrete, requestedAt: at, home: `h-bench${index}`, keepHome: false },
    },
    { at, actor: "bench", action: "request_workspace", target: id, outcome: "done" },
  );
}
