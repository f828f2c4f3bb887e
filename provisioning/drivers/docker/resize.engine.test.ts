import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, LiveAmounts } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { transferRate } from "./test-support/probes.ts";

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

const MIB = 2 ** 20;
const SMALL: LiveAmounts = { cpu: 300, ram: 128 * MIB, ingress: 10e6, egress: 5e6 };
const LARGE: LiveAmounts = { cpu: 900, ram: 512 * MIB, ingress: 40e6, egress: 20e6 };

test("every limit moves while its programs run, up and down again", async () => {
  const { cpu, ram, ...bandwidth } = SMALL;
  const network = { allow: [{ cidr: `${outside.address}/32`, protocol: "tcp" as const, port: 8080 }], openedRanges: [] };
  const spec = sandboxSpec(world.image, { limits: { cpu, ram, processes: 100 }, bandwidth, network });
  const { handle, channel } = await driver.start(spec, quietReport);
  const say = async (command: string) => (await channel.run(command)).stdout.trim();
  await channel.run("setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo precious > ~/kept");
  const pid = await say("pgrep -x sleep");
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
  const weight = async () => (await world.client.getContainer(spec.engineName).inspect()).HostConfig.CpuShares ?? 0;
  const weights = [await weight()];
  await driver.resizing?.resize(handle, LARGE);
  weights.push(await weight());
  // On a busy machine it gets its part in proportion to what it is promised.
  expect(weights).toEqual([SMALL.cpu, LARGE.cpu].map((cpu) => Math.round(cpu * 1.024)));
  expect(await measured(LARGE)).toBeGreaterThan(cores * 1.2);
  expect(await say("head -c 300M /dev/zero | tail -c 300M | wc -c")).toBe(String(300 * MIB));
  await channel.run("head -c 20M /dev/zero > /tmp/fill");
  await expect(driver.resizing?.resize(handle, { ...LARGE, ram: 12 * MIB })).rejects.toMatchObject({ code: "resize_refused" });
  await driver.resizing?.resize(handle, SMALL);
  await measured(SMALL);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  expect(await say("head -c 300M /dev/zero | tail -c 300M >/dev/null; echo ${PIPESTATUS[1]}")).toBe("137");
  expect([await say("pgrep -x sleep"), await say("cat ~/kept")]).toEqual([pid, "precious"]);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});
