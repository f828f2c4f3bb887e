import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, Started } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { median } from "./test-support/median.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { transferRate } from "./test-support/probes.ts";

/*
 * The figure is what passes on the wire, frames with their headers: of it a TCP transfer of full frames carries at most
 * 1448/1514 = 95.6 % as its own bytes, and that goodput is what is measured. So it lies within 6 % of the figure.
 */

const RATES = [1e6, 10e6, 50e6, 200e6] as const;
const ROUNDS = 3;
const DIRECTIONS = ["get", "put"] as const;
/** A bucket of 32 KiB is let through at once; at 1 Mbit/s it takes 10 s to become a small part. */
const secondsFor = (rate: number) => (rate < 5e6 ? 12 : 4);

let world: EngineWorld;
let driver: Driver;
let outside: Outside;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  outside = await openOutside();
});
afterAll(async () => {
  outside?.close();
  await world?.close();
});

interface Measured {
  /** Goodput by figure. */
  readonly goodput: number;
  /** What the workspace is charged with, by what it moved. */
  readonly counted: number;
}

async function transfer({ handle, channel }: Started, direction: "get" | "put", rate: number): Promise<Measured> {
  const bytes = Math.round((rate / 8) * secondsFor(rate));
  const before = await driver.usage?.sample(handle);
  const reached = await transferRate(channel, direction, outside.address, bytes);
  const after = await driver.usage?.sample(handle);
  const kind = direction === "get" ? "received" : "sent";
  return { goodput: reached / rate, counted: ((after?.[kind] ?? 0) - (before?.[kind] ?? 0)) / bytes };
}

async function measure(started: Started, rate: number, when: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const direction of DIRECTIONS) {
    const rounds: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await transfer(started, direction, rate));
    const goodput = median(rounds.map((one) => one.goodput));
    const counted = median(rounds.map((one) => one.counted));
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    const line = `${rate / 1e6} Mbit/s ${direction === "get" ? "in " : "out"} ${when}: goodput ${percent(goodput)} of the figure (${rounds.map((one) => percent(one.goodput)).join(", ")}), counted ${percent(counted)} of what was moved`;
    process.stdout.write(`${line}\n`);
    // Frames have at most 66 bytes of headers to 1448; the kernel counts large ones before it cuts them.
    if (goodput > 1.06 || goodput < 0.94 || counted < 0.99 || counted > 1.06) wrong.push(line);
  }
  return wrong;
}

test.each(RATES)("%d bit/s, each way, from the start and after a resize", async (rate) => {
  const other = RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? rate;
  const network = { allow: [{ cidr: `${outside.address}/32`, protocol: "tcp" as const, port: 8080 }], openedRanges: [] };
  const limits = { cpu: 1000, ram: 2 ** 28, processes: 100 };
  const started = await driver.start(
    sandboxSpec(world.image, { network, limits, bandwidth: { ingress: rate, egress: rate } }),
    quietReport,
  );
  try {
    const first = await measure(started, rate, "from the start");
    await driver.resizing?.resize(started.handle, { cpu: limits.cpu, ram: limits.ram, ingress: other, egress: other });
    const dropped = await driver.usage?.dropped(started.handle);
    expect([dropped?.ingress, dropped?.egress].map((count) => (count ?? 0) > 0)).toEqual([true, true]);
    const then = await measure(started, other, `after a resize from ${rate / 1e6}`);
    expect([...first, ...then]).toEqual([]);
  } finally {
    await driver.destroy(started.handle, { grace: 0, keepHome: false });
  }
});
