import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Channel, Driver, Started } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { median } from "./test-support/median.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";

/*
 * One workspace does its worst, and its neighbour's cpu and network are measured with and without, in turns: what else the machine
 * does meets both alike. Rounds are short and many, and the median of their ratios counts.
 */

const ROUNDS = 15;
const BEARABLE = 1.25;
/** On a machine without any cpu to spare each gets its part in proportion: what the other has not is a sixth, and that is bearable. */
const LIMITS = { cpu: 200, ram: 2 ** 27, processes: 100 } as const;

const BOMBS = {
  "fork bomb": "bomb() { bomb | bomb & }; bomb; while :; do bomb 2>/dev/null; done",
  "memory bomb": "while :; do head -c 1G /dev/zero | tail -c 1G >/dev/null; done",
  "disk filler": "while :; do head -c 100M /dev/zero > ~/fill; sync; rm ~/fill; done",
  "log flood": "yes flood > /proc/1/fd/1 & yes flood > /proc/1/fd/2 & wait",
} as const;

let world: EngineWorld;
let driver: Driver;
let outside: Outside;
let neighbor: Started;
/** An idle core sleeps, and waking it takes as long as a round trip: a bomb that keeps cores awake would make its neighbor faster. */
let wakers: ChildProcess[];

beforeAll(async () => {
  wakers = cpus().map(startWaker);
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  outside = await openOutside();
  const network = { allow: [{ cidr: `${outside.address}/32`, protocol: "udp" as const, port: 53 }], openedRanges: [] };
  neighbor = await driver.start(sandboxSpec(world.image, { network, limits: { cpu: 1000, ram: 2 ** 28, processes: 100 } }), quietReport);
});
afterAll(async () => {
  for (const waker of wakers) waker.kill("SIGKILL");
  if (neighbor !== undefined) await driver.destroy(neighbor.handle, { grace: 0, keepHome: false });
  outside?.close();
  await world?.close();
});

/**
 * Takes the cpu that nobody wants. A session of its own: where the kernel shares cpu out between sessions first (autogroup), a program of
 * the idle class weighs in its session as little as can be, and its session as much as any other; so that is made light too.
 */
function startWaker(): ChildProcess {
  const waker = spawn("chrt", ["--idle", "0", "perl", "-e", "1 while 1"], { stdio: "ignore", detached: true });
  const autogroup = `/proc/${waker.pid}/autogroup`;
  if (existsSync(autogroup)) writeFileSync(autogroup, "19");
  return waker;
}

interface Felt {
  /** µs that a piece of work takes, and that a round trip takes. */
  readonly cpu: number;
  readonly network: number;
}

/** Lights the bomb in a workspace of its own, and lets `work` run beside it. Destroyed afterwards: a fork bomb cannot be held still. */
async function besideBomb<T>(bomb: string, work: () => Promise<T>): Promise<T> {
  const { handle, channel } = await driver.start(sandboxSpec(world.image, { limits: LIMITS }), quietReport);
  try {
    // Writing over its own channel is a part of what it does: then the answer is lost.
    await channel.run(`setsid bash -c '${bomb}' >/dev/null 2>&1 </dev/null & echo lit`).catch(() => {});
    if (bomb.includes("/proc/1/fd")) await channel.closed;
    return await work();
  } finally {
    await driver.destroy(handle, { grace: 0, keepHome: false });
  }
}

/** How many seconds one measurement lasts: a quota is handed out each 100 ms, and what is shorter meets a burst or a pause of it. */
const SPAN = 1;

/** Counts over a fixed span, so that bursts and pauses both weigh as much as they last. */
async function feel(channel: Channel): Promise<Felt> {
  const perUnit = async (work: string) => {
    const program = `use Time::HiRes "time"; use IO::Socket; $SIG{ALRM} = sub { die "lost" }; $end = time + ${SPAN}; while (time < $end) { ${work}; $n++ } print $n`;
    const { stdout, stderr } = await channel.run(`perl -e '${program}'`);
    if (!(Number(stdout) > 0)) throw new Error(`nothing was measured: ${stderr}`);
    return (SPAN * 1e6) / Number(stdout);
  };
  const connect = `$s ||= IO::Socket::INET->new(Proto => "udp", PeerAddr => "${outside.address}", PeerPort => 53)`;
  return { cpu: await perUnit("$x += $_ for 1..2e4"), network: await perUnit(`${connect}; alarm 5; $s->send("x"); $s->recv($m, 10)`) };
}

test.each(Object.entries(BOMBS))("a %s is hardly felt next door", async (name, bomb) => {
  const alone = () => feel(neighbor.channel);
  const beside = () => besideBomb(bomb, () => feel(neighbor.channel));
  await alone();
  const ratios: Felt[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever is first changes, so that neither has the machine's warmer half.
    const [first, second] = round % 2 === 0 ? [alone, beside] : [beside, alone];
    const [one, other] = [await first(), await second()];
    const [without, during] = round % 2 === 0 ? [one, other] : [other, one];
    ratios.push({ cpu: during.cpu / without.cpu, network: during.network / without.network });
  }
  const quarters = (kind: keyof Felt) => {
    const sorted = ratios.map((ratio) => ratio[kind]).toSorted((one, other) => one - other);
    return [0.25, 0.75].map((place) => (sorted[Math.floor(place * sorted.length)] ?? Number.NaN).toFixed(2)).join(" to ");
  };
  const cpu = median(ratios.map((ratio) => ratio.cpu));
  const network = median(ratios.map((ratio) => ratio.network));
  process.stdout.write(
    `${name}: cpu × ${cpu.toFixed(2)} (half of the rounds ${quarters("cpu")}), round trips × ${network.toFixed(2)} (${quarters("network")})\n`,
  );
  expect({ cpu: cpu <= BEARABLE, network: network <= BEARABLE }, `cpu × ${cpu}, network × ${network}`).toEqual({
    cpu: true,
    network: true,
  });
});
