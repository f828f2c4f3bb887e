import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, LiveAmounts } from "#provisioning";
import { openFiles } from "./open-files.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { bandwidthLimits } from "./test-support/kernel-limits.ts";

let world: EngineWorld;
let driver: Driver;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
});
afterAll(() => world?.close());

const MIB = 2 ** 20;
const SMALL: LiveAmounts = { cpu: 300, ram: 128 * MIB, ingress: 10e6, egress: 5e6 };
const LARGE: LiveAmounts = { cpu: 900, ram: 512 * MIB, ingress: 40e6, egress: 20e6 };

test("every limit moves while its programs run, up and down again", async () => {
  const { cpu, ram, ...bandwidth } = SMALL;
  const spec = sandboxSpec(world.image, { limits: { cpu, ram, processes: 100 }, bandwidth });
  const { handle, channel } = await driver.start(spec, quietReport);
  const say = async (command: string) => (await channel.run(command)).stdout.trim();
  await channel.run("setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo precious > ~/kept");
  const pid = await say("pgrep -x sleep");
  const limits = async () => {
    const { NanoCpus = 0, Memory, MemorySwap, CpuShares } = (await world.client.getContainer(spec.engineName).inspect()).HostConfig;
    return { cpu: NanoCpus / 1e6, ram: Memory, swap: MemorySwap, weight: CpuShares, ...(await bandwidthLimits(world, handle)) };
  };
  // On a busy machine it gets its part in proportion to what it is promised.
  const limitsOf = (amounts: LiveAmounts) => ({ ...amounts, swap: amounts.ram, weight: Math.round(amounts.cpu * 1.024) });
  expect(await limits()).toEqual(limitsOf(SMALL));
  await driver.resizing?.resize(handle, LARGE);
  expect(await limits()).toEqual(limitsOf(LARGE));
  expect(await say("head -c 300M /dev/zero | tail -c 300M | wc -c")).toBe(String(300 * MIB));
  await channel.run("head -c 20M /dev/zero > /tmp/fill");
  await expect(driver.resizing?.resize(handle, { ...LARGE, ram: 12 * MIB })).rejects.toMatchObject({ code: "resize_refused" });
  await driver.resizing?.resize(handle, SMALL);
  expect(await limits()).toEqual(limitsOf(SMALL));
  expect(await say("head -c 300M /dev/zero | { tail -c 300M >/dev/null; echo $?; }")).toBe("137");
  expect([await say("pgrep -x sleep"), await say("cat ~/kept")]).toEqual([pid, "precious"]);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});

test("thread counts follow the cpu, also that of a resize, unless the persona says otherwise; many files may be open", async () => {
  const { ram, ...bandwidth } = { ram: 128 * MIB, ingress: 10e6, egress: 5e6 };
  const { handle, channel } = await driver.start(
    sandboxSpec(world.image, { limits: { cpu: 900, ram, processes: 100 }, bandwidth }),
    quietReport,
  );
  const say = async (command: string) => (await channel.run(`. /usr/lib/guise/environment; ${command}`)).stdout.trim();
  const threads = "echo $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS $MKL_NUM_THREADS $NUMEXPR_NUM_THREADS $RAYON_NUM_THREADS $GOMAXPROCS";
  expect(await say(`${threads}; echo "<$NODE_OPTIONS>"; set | grep -c ^guise_`)).toBe("1 1 1 1 1 1\n<>\n0");
  await driver.resizing?.resize(handle, { cpu: 1800, ram, ...bandwidth });
  expect(await say(threads)).toBe("2 2 2 2 2 2");
  expect(await say("nproc; echo $PYTHON_CPU_COUNT $MC_CORES $LOKY_MAX_CPU_COUNT")).toBe("2\n2 2 2");
  await channel.run("echo OMP_NUM_THREADS=7 > /run/guise/env");
  expect(await say("echo $OMP_NUM_THREADS $MKL_NUM_THREADS")).toBe("7 2");
  expect(await say("ulimit -Sn; ulimit -Hn")).toBe(`${await openFiles(true)}\n${await openFiles(true)}`);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});
