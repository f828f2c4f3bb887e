import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, LiveAmounts } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { transferRate } from "./test-support/probes.ts";

/** What programs get of what the kernel is told: measured, so it wants the machine for itself. */
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

const SMALL: LiveAmounts = { cpu: 300, ram: 2 ** 27, ingress: 10e6, egress: 5e6 };
const LARGE: LiveAmounts = { cpu: 900, ram: 2 ** 29, ingress: 40e6, egress: 20e6 };

test("a busy loop on every core uses no more cpu than its limit", async () => {
  const limits = { cpu: 500, ram: 2 ** 28, processes: 100 };
  const { handle, channel } = await driver.start(sandboxSpec(world.image, { limits }), quietReport);
  const before = await driver.usage?.sample(handle);
  const began = performance.now();
  await channel.run("for i in 1 2; do timeout 10 sh -c 'while :; do :; done' & done; wait");
  const took = performance.now() - began;
  const used = (((await driver.usage?.sample(handle))?.cpu ?? 0) - (before?.cpu ?? 0)) / took;
  expect(used).toBeLessThanOrEqual(0.5 * 1.05);
  expect(used).toBeGreaterThan(0.1);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});

test("cpu and bandwidth follow a resize, up and down again", async () => {
  const network = { allow: [{ cidr: `${outside.address}/32`, protocol: "tcp" as const, port: 8080 }], openedRanges: [] };
  const { cpu, ram, ...bandwidth } = SMALL;
  const spec = sandboxSpec(world.image, { limits: { cpu, ram, processes: 100 }, bandwidth, network });
  const { handle, channel } = await driver.start(spec, quietReport);
  const measured = async (amounts: LiveAmounts) => {
    const before = await driver.usage?.sample(handle);
    const began = performance.now();
    await channel.run("timeout 3 sh -c 'while :; do :; done'");
    const after = await driver.usage?.sample(handle);
    const cores = ((after?.cpu ?? 0) - (before?.cpu ?? 0)) / (performance.now() - began);
    expect(cores).toBeLessThan((amounts.cpu / 1000) * 1.1);
    for (const [direction, rate] of [
      ["get", amounts.ingress],
      ["put", amounts.egress],
    ] as const) {
      const got = await transferRate(channel, direction, outside.address, (rate / 8) * 2);
      expect([direction, got / rate > 0.9, got / rate < 1.1]).toEqual([direction, true, true]);
    }
    return cores;
  };
  const cores = await measured(SMALL);
  await driver.resizing?.resize(handle, LARGE);
  expect(await measured(LARGE)).toBeGreaterThan(cores * 1.2);
  await driver.resizing?.resize(handle, SMALL);
  await measured(SMALL);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});
