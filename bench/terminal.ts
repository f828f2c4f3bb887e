/**
 * From a key to its echo in a workspace's terminal, through SDK, broker and channel, beside the same key in a terminal of this machine;
 * then again while a hundred requests a second are answered. Bars: 5 ms added at the median, 20 ms at the 99th of a hundred under load.
 * Guise, the person and the load are processes of their own.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { PersonaAgent } from "@guise/agent";
import { OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { openWebSocket } from "../agent/command/web-socket.ts";
import { ENGINE_HOME, open, publish } from "./opened.ts";

const KEYS = 1_000;
/** Ms between two keys: of somebody who types fast. */
const PAUSE = 8;
const REQUESTS_PER_SECOND = 100;
const BARS = { added: 5, slowest: 20 };
const PERSONA = {
  persona_id: "bench-terminal",
  persona_name: "Bench",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "1", ram: "128Mi", storage: "64Mi", network_bandwidth: "10Mbit" },
};

interface Access {
  readonly broker: string;
  readonly sign_in: string;
}

const role = process.argv[2];
if (role === "person") await person();
else if (role === "load") await load();
else await main();

async function main(): Promise<void> {
  const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
  const { agent, daemon } = opened;
  await publish(opened, PERSONA);
  for (const one of await agent.workspaces()) await agent.releasePersona(one.persona_id, { workspace: one.workspace_id });
  const workspace = await agent.requestPersona(PERSONA.persona_id);
  const here = await ofThisMachine();
  const access = { broker: daemon.address, sign_in: opened.signIn };
  const alone = await typed(access);
  const pressing = fork(import.meta.filename, ["load"]);
  pressing.send(access);
  await once(pressing, "message");
  const pressed = await typed(access);
  const answered = await stopped(pressing);
  print("a terminal of this machine", here);
  print("a workspace's terminal", alone);
  print(`the same, while ${answered} requests a second are answered`, pressed);
  const added = quantile(alone, 0.5) - quantile(here, 0.5);
  process.stdout.write(
    `${added.toFixed(2)} ms added at the median (bar: ${BARS.added}), p99 ${quantile(pressed, 0.99).toFixed(2)} ms under load (bar: ${BARS.slowest})\n`,
  );
  await workspace.release();
  await daemon.stop();
  await new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock }).down();
  process.exit(added <= BARS.added && quantile(pressed, 0.99) <= BARS.slowest ? 0 : 1);
}

/** Ms of each key, from a person in a process of its own. */
async function typed(access: Access): Promise<number[]> {
  const child = fork(import.meta.filename, ["person"]);
  child.send(access);
  const [times] = (await once(child, "message")) as [number[]];
  child.kill();
  return times;
}

async function stopped(child: ChildProcess): Promise<number> {
  child.send("stop");
  const [answered] = (await once(child, "message")) as [number];
  child.kill();
  return answered;
}

async function agentOf({ broker, sign_in }: Access): Promise<PersonaAgent> {
  return PersonaAgent.connect({ broker, token: { sign_in }, openSocket: openWebSocket });
}

async function person(): Promise<void> {
  const [access] = (await once(process, "message")) as [Access];
  const workspace = await (await agentOf(access)).workspace(PERSONA.persona_id);
  const launch = await workspace.started(await workspace.launch("shell"));
  let heard: (text: string) => void = () => {};
  const terminal = workspace.openTerminal(launch.launch_id, {
    size: { columns: 80, rows: 24 },
    onOutput: (bytes) => heard(Buffer.from(bytes).toString("latin1")),
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const times = await keys(
    (key) => void terminal.write(Buffer.from(key)),
    (listener) => {
      heard = listener;
    },
  );
  terminal.close();
  await workspace.stopLaunch(launch.launch_id);
  process.send?.(times);
}

async function load(): Promise<void> {
  const [access] = (await once(process, "message")) as [Access];
  const agent = await agentOf(access);
  let answered = 0;
  const counted = () => {
    answered++;
  };
  const began = performance.now();
  // Half of them as a person, who may not ask more often; half as whoever watches the service.
  const each = 2_000 / REQUESTS_PER_SECOND;
  const timers = [
    setInterval(() => void agent.workspaces().then(counted, counted), each),
    setInterval(
      () =>
        void fetch(`${access.broker}/readyz`)
          .then((answer) => answer.text())
          .then(counted, counted),
      each,
    ),
  ];
  process.send?.("begun");
  await once(process, "message");
  for (const timer of timers) clearInterval(timer);
  process.send?.(Math.round(answered / ((performance.now() - began) / 1000)));
}

/** `script` gives a program a terminal; the kernel echoes, as it does in the workspace. */
async function ofThisMachine(): Promise<number[]> {
  const child = spawn("script", ["--quiet", "--command", "sh -c 'cat > /dev/null'", "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const times = await keys(
    (key) => void child.stdin.write(key),
    (listener) => void child.stdout.on("data", (piece) => listener(String(piece))),
  );
  child.kill("SIGKILL");
  return times;
}

/** One key after the other, each when the one before was echoed. */
async function keys(press: (key: string) => void, listen: (listener: (text: string) => void) => void): Promise<number[]> {
  const times: number[] = [];
  let echoed = () => {};
  listen((text) => {
    if (text.includes("x")) echoed();
  });
  for (let count = 0; count < KEYS; count++) {
    // A line does not grow without end: it is rubbed out now and then.
    if (count % 50 === 49) press("\u0015");
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const echo = new Promise<void>((resolve) => {
      echoed = resolve;
    });
    const began = performance.now();
    press("x");
    await echo;
    times.push(performance.now() - began);
  }
  return times.slice(50);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function print(name: string, values: readonly number[]): void {
  const shares = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(values, share).toFixed(2)} ms`);
  process.stdout.write(`  ${name.padEnd(60)} ${shares.join("  ")}\n`);
}
