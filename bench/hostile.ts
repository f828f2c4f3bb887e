/**
 * What one workspace can do to everybody else: forks and memory without end, floods of output and of files, bytes typed one by one,
 * twenty outputs that nobody reads, each in a workspace of its own of one cpu. Beside the quiet figure of the same run: how long others wait for `/readyz`, and how late Guise's
 * one thread comes to what is due. Bars on two cores: 100 ms at the 99th of a hundred, 200 ms at most. Guise, those who wait and the
 * attacker are processes of their own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type CommandSession, PersonaAgent } from "@guise/agent";
import { OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { openWebSocket } from "../agent/command/web-socket.ts";
import { askReadyz, percentile } from "./asking-readyz.ts";
import { ENGINE_HOME, open, publish } from "./opened.ts";

/** Ms of each attack: two looks at its home, four at its usage. */
const LASTS = 20_000;
const BARS = { readyz: 100, lag: 200 };
const PERSONA = {
  persona_id: "bench-hostile",
  persona_name: "Bench",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "1", ram: "1Gi", storage: "2Gi", network_bandwidth: "10Mbit" },
};

interface Attack {
  /** Shell text. */
  readonly script: string;
  /** How many of it at once, none of which is read. */
  readonly unread?: number;
  /** Whether it is given single bytes as fast as they can be sent. */
  readonly isTypedTo?: boolean;
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  "fork bomb": { script: "f(){ f|f& }; f" },
  "fork bomb, 4 MB each": { script: 'f(){ local x=$(head -c 4000000 /dev/zero | tr "\\0" a); f|f& }; f' },
  "memory bomb": { script: "while :; do tail /dev/zero; done" },
  "log flood": { script: "for n in 1 2 3 4; do yes $(seq 100) >&2 & done; yes > /proc/1/fd/2 & wait" },
  "inode flood": { script: "mkdir -p d; while :; do mktemp -p d; done > /dev/null & cd d; n=0; while :; do : > $((n=n+1)); done" },
  "single bytes typed": { script: "exec cat > /dev/null", isTypedTo: true },
  "20 unread yes": { script: "exec yes", unread: 20 },
};

interface Order {
  readonly broker: string;
  readonly sign_in: string;
  readonly workspace: string;
  readonly attack: Attack;
}

interface Measured {
  readonly readyz: readonly number[];
  /** Ms. */
  readonly lag: number;
}

const role = process.argv[2];
if (role === "attacker") await attack();
else await main();

async function main(): Promise<void> {
  const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
  const { agent, daemon, signIn } = opened;
  await publish(opened, PERSONA);
  for (const one of await agent.workspaces()) await agent.releasePersona(one.persona_id, { workspace: one.workspace_id });
  const calm = await agent.requestPersona(PERSONA.persona_id, { name: "calm" });
  const quiet = await measured(daemon.address);
  let held = print("quiet", quiet, quiet);
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const workspace = await agent.requestPersona(PERSONA.persona_id, { name: "hostile" });
    const attacker = fork(import.meta.filename, ["attacker"]);
    attacker.send({ broker: daemon.address, sign_in: signIn, workspace: workspace.id, attack } satisfies Order);
    await once(attacker, "message");
    held = print(name, await measured(daemon.address), quiet) && held;
    await ended(attacker);
    await workspace.release();
  }
  await calm.release();
  await daemon.stop();
  await new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock }).down();
  process.exit(held ? 0 : 1);
}

async function measured(broker: string): Promise<Measured> {
  const asking = await askReadyz(broker);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, LASTS));
  const readyz = await asking.end();
  delay.disable();
  return { readyz, lag: delay.max / 1e6 };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function attack(): Promise<void> {
  const [order] = (await once(process, "message")) as [Order];
  const { broker, sign_in, attack } = order;
  const agent = await PersonaAgent.connect({ broker, token: { sign_in }, openSocket: openWebSocket });
  const inside = await agent.workspaceById(order.workspace);
  const never = new Promise<void>(() => {});
  const command = ["bash", "-c", attack.script];
  const sessions = Array.from({ length: attack.unread ?? 1 }, () =>
    inside.execStream({ command }, () => (attack.unread === undefined ? undefined : never)),
  );
  for (const session of await Promise.all(sessions)) {
    session.exit.catch(() => {});
    if (attack.isTypedTo) type(session);
  }
  // So long that it is well under way.
  setTimeout(() => process.send?.("begun"), 1_000);
}

function type(session: CommandSession): void {
  const byte = new Uint8Array([97]);
  setInterval(() => {
    for (let count = 0; count < 2_000; count++) session.write(byte).catch(() => {});
  }, 10);
}

/** Whether the bars hold. */
function print(name: string, { readyz, lag }: Measured, quiet: Measured): boolean {
  const p99 = percentile(0.99, readyz);
  process.stdout.write(
    `${name.padEnd(22)} /readyz p50 ${percentile(0.5, readyz).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (quiet ${percentile(0.99, quiet.readyz).toFixed(1)}, bar ${BARS.readyz}); ` +
      `loop at most ${lag.toFixed(1)} ms late (quiet ${quiet.lag.toFixed(1)}, bar ${BARS.lag}); ${readyz.length} requests\n`,
  );
  return p99 <= BARS.readyz && lag <= BARS.lag;
}
