/**
 * From a key to changed pixels in a desktop application, through SDK, broker and channel, beside an RFB client on the socket inside; and how many
 * frames a second a page of text that moves has, by the same two ways, and what that costs Guise. At 1280 × 800, on a real
 * engine with a real X server. Guise and the person are processes of their own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { PersonaAgent } from "@guise/agent";
import { OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { openWebSocket } from "../agent/command/web-socket.ts";
import { median } from "../provisioning/drivers/docker/test-support/median.ts";
import { ScreenOnWire } from "../tests/acceptance/support/screen.ts";
import { Figures } from "./figures.ts";
import { ENGINE_HOME, open, publish } from "./opened.ts";

const KEYS = 200;
const SCROLLED_FOR = 6_000;
/** Thirty frames a second. */
const BARS = { added: 15, frame: 33.4, cores: 1 };
const SCREEN = { width: 1280, height: 800, scale: 1 } as const;
const PERSONA = {
  persona_id: "bench-desktop",
  persona_name: "Bench",
  required_applications: ["apt:xterm"],
  applications: {
    typed: { kind: "desktop", command: ["xterm", "-maximized", "-e", "cat"] },
    // A page of text, thirty lines further sixty times a second.
    moved: { kind: "desktop", command: ["xterm", "-maximized", "-e", "perl", "-e", MOVING()] },
  },
  resource_requirements: { cpu: "1", ram: "512Mi", storage: "64Mi", network_bandwidth: "100Mbit" },
};

function MOVING(): string {
  return '$| = 1; for (;;) { print map { "line $_ " . ("word " x 30) . "\\n" } $n .. $n + 2; $n += 3; select undef, undef, undef, 0.0166 }';
}

interface Asked {
  readonly broker: string;
  readonly sign_in: string;
  /** Of the socket inside, for who goes there directly. */
  readonly socket: string | undefined;
  readonly application: "typed" | "moved";
  readonly launch: string;
}

interface Measured {
  /** Ms from a key to changed pixels. */
  readonly keys: readonly number[];
  readonly frames: number;
}

if (process.argv[2] === "person") await person();
else await main();

async function main(): Promise<void> {
  const figures = new Figures();
  const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
  const { agent, daemon } = opened;
  await publish(opened, PERSONA);
  for (const one of await agent.workspaces()) await agent.releasePersona(one.persona_id, { workspace: one.workspace_id });
  const workspace = await agent.requestPersona(PERSONA.persona_id);
  const access = { broker: daemon.address, sign_in: opened.signIn };
  const measured = async (application: Asked["application"], directly: boolean) => {
    const { launch_id: launch } = await workspace.launch(application, { screen: SCREEN });
    const socket = directly ? socketOf(launch) : undefined;
    const before = process.cpuUsage();
    const began = performance.now();
    const result = await asPerson({ ...access, application, launch, socket });
    const { user, system } = process.cpuUsage(before);
    await workspace.stopLaunch(launch);
    return { ...result, cores: (user + system) / 1000 / (performance.now() - began) };
  };
  const inside = await measured("typed", true);
  const outside = await measured("typed", false);
  const [one, other] = [median(inside.keys), median(outside.keys)];
  figures.say(`  a key: ${one.toFixed(1)} ms on the socket inside, ${other.toFixed(1)} ms through Guise`);
  figures.ratio("added from key to pixel, ms (p50)", other - one, BARS.added);
  const near = await measured("moved", true);
  const far = await measured("moved", false);
  figures.say(
    `  text that moves: ${near.frames.toFixed(0)} frames a second inside, ${far.frames.toFixed(0)} through Guise, for ${far.cores.toFixed(2)} cores of Guise's`,
  );
  figures.ratio("time from frame to frame, ms", 1000 / far.frames, BARS.frame);
  figures.ratio("cores of Guise's meanwhile", far.cores, BARS.cores);
  await workspace.release();
  await daemon.stop();
  await new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock }).down();
  process.exit(figures.held ? 0 : 1);
}

async function asPerson(asked: Asked): Promise<Measured> {
  const child = fork(import.meta.filename, ["person"]);
  child.send(asked);
  const [measured] = (await once(child, "message")) as [Measured];
  child.kill();
  return measured;
}

async function person(): Promise<void> {
  const [asked] = (await once(process, "message")) as [Asked];
  const screen = await (asked.socket === undefined ? throughGuise(asked) : directly(asked.socket));
  const isMoving = asked.application === "moved";
  if (isMoving) {
    screen.countOnly();
    await screen.drawn();
  }
  if (!isMoving) await screen.still(500);
  process.send?.(isMoving ? { keys: [], frames: await framesOf(screen) } : { keys: await keysOf(screen), frames: 0 });
}

async function throughGuise({ broker, sign_in, launch }: Asked): Promise<ScreenOnWire> {
  const agent = await PersonaAgent.connect({ broker, token: { sign_in }, openSocket: openWebSocket });
  return ScreenOnWire.join(await agent.workspace(PERSONA.persona_id), launch);
}

function directly(path: string): Promise<ScreenOnWire> {
  return ScreenOnWire.over(async (take, over) => {
    const socket = connect(path);
    socket.on("data", take).on("error", over);
    await once(socket, "connect");
    return { write: (bytes) => void socket.write(bytes), close: () => socket.destroy() };
  });
}

/** As root of this machine: by the root folder of its X server. */
function socketOf(launch: string): string {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [program] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (program === "Xvnc" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(launch))
        return `/proc/${pid}/root/run/guise/launches/${launch}/rfb`;
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error(`no X server of ${launch}`);
}

async function keysOf(screen: ScreenOnWire): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < KEYS; count++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const drawn = screen.drawn();
    const began = performance.now();
    screen.type("x");
    await drawn;
    times.push(performance.now() - began);
  }
  return times.slice(10);
}

async function framesOf(screen: ScreenOnWire): Promise<number> {
  const before = screen.updates;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, SCROLLED_FOR));
  return (screen.updates - before) / ((performance.now() - began) / 1000);
}
