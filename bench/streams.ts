/**
 * What three hundred open streams cost Guise's process, and whether it comes back: live feeds, event streams and commands, a hundred of
 * each, on the simulated engine with the sample personas; opened and closed several times over. Resident memory, since that is what the
 * machine misses.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersonaAgent } from "@guise/agent";
import { createSignIns } from "#access";
import { systemClock } from "#foundation";
import { open, publish } from "./opened.ts";

const STREAMS = 300;
/** A person may have a hundred. */
const PEOPLE = 6;
const ROUNDS = 4;
/** Ms for which they stay open, and after which what they left counts. */
const OPEN = 6_000;
const SETTLED = 3_000;
/** What the streams may cost at their most, and what may be left of it; MiB. */
const MOST = 60;
const MOST_LEFT = 60;

const PERSONA = {
  persona_id: "bench-streams",
  persona_name: "Bench streams",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "50m", ram: "64Mi", storage: "64Mi", network_bandwidth: "1Mbit" },
};

type Workspace = Awaited<ReturnType<PersonaAgent["requestPersona"]>>;

if (process.argv[2] === "serve") await serve(String(process.argv[3]));
else await measure();

/** In a process of its own, so that nothing but Guise is in it. */
async function serve(home: string): Promise<void> {
  const opened = await open({ GUISE_HOME: home, GUISE_PORT: "7083", GUISE_ENGINE: "memory" });
  await publish(opened, PERSONA);
  const personas = join(import.meta.dirname, "..", "personas");
  for (const name of (await readdir(personas)).filter((each) => each.endsWith(".json") && !each.includes("schema")))
    await opened.agent.personas.publish(await readFile(join(personas, name), "utf8"), "analytics");
  const { repository: store, issuer } = opened.daemon;
  const signIns = createSignIns({ store, issuer, clock: systemClock });
  const people = Array.from({ length: PEOPLE }, async (_, index) => {
    const account = `person-${index}`;
    const at = systemClock.now();
    const entry = { at, actor: "bench", action: "create_account", target: account, outcome: "done" } as const;
    await store.createAccount({ account, roles: ["user", "author"], groups: ["analytics"], disabled: false, createdAt: at }, entry);
    return (await signIns.redeemCode(await signIns.issueCode(account))).response.sign_in;
  });
  process.send?.({ broker: opened.daemon.address, signIns: await Promise.all(people) });
}

async function measure(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "guise-bench-streams-"));
  const served = fork(import.meta.filename, ["serve", home]);
  try {
    const [{ broker, signIns }] = (await once(served, "message")) as [{ broker: string; signIns: string[] }];
    const taken = () => residentMemory(served.pid ?? 0);
    const agents = await Promise.all(signIns.map((sign_in) => PersonaAgent.connect({ broker, token: { sign_in } })));
    const workspaces = await Promise.all(agents.map((agent) => agent.requestPersona(PERSONA.persona_id)));
    await pause(SETTLED);
    const before = await taken();
    print("Guise, six workspaces and no stream", before, undefined);
    let [most, left] = [0, 0];
    for (let round = 1; round <= ROUNDS; round++) {
      const close = await openStreams(agents, workspaces);
      await pause(OPEN);
      const during = await taken();
      print(`${STREAMS} streams open, round ${round}`, during, before);
      await Promise.all(close.map((one) => one()));
      await pause(SETTLED);
      left = (await taken()) - before;
      print(`closed, round ${round}`, left + before, before);
      most = Math.max(most, during - before);
    }
    verdict("at most for the streams", most, MOST);
    verdict("left of it", left, MOST_LEFT);
  } finally {
    served.kill("SIGKILL");
    await once(served, "exit");
    await rm(home, { recursive: true, force: true });
  }
}

/** Each kind a third; every one of them is open when it resolves. Gives what closes them. */
function openStreams(agents: readonly PersonaAgent[], workspaces: readonly Workspace[]): Promise<(() => unknown)[]> {
  return Promise.all(
    Array.from({ length: STREAMS }, (_, index) => {
      const person = Math.floor(index / 3) % PEOPLE;
      const [agent, workspace] = [agents[person], workspaces[person]];
      if (agent === undefined || workspace === undefined) throw new Error("there is nobody of that number");
      if (index % 3 === 0) return openLive(agent);
      return index % 3 === 1 ? openEvents(workspace) : openCommand(workspace);
    }),
  );
}

async function openLive(agent: PersonaAgent): Promise<() => unknown> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const feed = agent.live({ message: () => resolve() });
  await promise;
  return () => feed.close();
}

async function openEvents(workspace: Workspace): Promise<() => unknown> {
  const ending = new AbortController();
  const events = workspace.events({ signal: ending.signal });
  await events.next();
  // Reads on until it is ended, which is an error of its own.
  const read = (async () => {
    for await (const _ of events);
  })().catch(() => {});
  return () => {
    ending.abort();
    return read;
  };
}

async function openCommand(workspace: Workspace): Promise<() => unknown> {
  const session = await workspace.execStream({ command: ["cat"] }, () => {});
  return () => session.close();
}

async function residentMemory(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function print(what: string, mebibytes: number, before: number | undefined): void {
  const more = before === undefined ? "" : `  (${mebibytes >= before ? "+" : ""}${(mebibytes - before).toFixed(1)})`;
  process.stdout.write(`${what.padEnd(60)} ${mebibytes.toFixed(1).padStart(7)} MiB${more}\n`);
}

function verdict(what: string, mebibytes: number, bar: number): void {
  const holds = mebibytes <= bar;
  process.stdout.write(`${what.padEnd(60)} ${mebibytes.toFixed(1).padStart(7)} MiB  bar ${bar}: ${holds ? "holds" : "missed"}\n`);
  if (!holds) process.exitCode = 1;
}
