import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock, randomIds } from "#foundation";
import type { Handle } from "#provisioning";
import { SWEEP_GRACE } from "./sweeper.ts";
import { type EngineWorld, openEngineWorld } from "./test-support/engine-world.ts";
import { NO_TRACES, tracesOf } from "./test-support/traces.ts";

let world: EngineWorld;

beforeAll(async () => {
  world = await openEngineWorld();
});
afterAll(() => world.close());

const STARTER = join(import.meta.dirname, "test-support/start-and-say.ts");
const STEPS = [
  "sandbox started",
  "handle",
  "network started",
  "network finished",
  "storage started",
  "storage finished",
  "sandbox finished",
  "running",
];

async function untilSaid(child: ChildProcess, step: string): Promise<void> {
  if (child.stdout === null) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) if (line === step) return;
  throw new Error(`the process ended before "${step}"`);
}

test.each(STEPS)("killed at %j: destroy and the sweeper leave nothing", async (step) => {
  const home = await mkdtemp("/var/tmp/guise-homes-");
  const installation = randomIds.next("crash");
  const handleFile = join(home, "handle.json");
  const child = spawn(process.execPath, [STARTER, installation, home, "w-crash", handleFile, step], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await untilSaid(child, step);
  child.kill("SIGKILL");
  await once(child, "exit");

  // The store may have lost the answer: then only workspace and generation are known.
  const known = await readFile(handleFile, "utf8").then(JSON.parse, () => undefined);
  const handle: Handle = known ?? { driver: "docker", version: 1, workspace: "w-crash", generation: 1, home: "w-crash", opaque: {} };
  const clock = new ManualClock(Date.now() + 60_000);
  const { driver, options } = await world.driver({ installation, home, clock });
  await driver.destroy(handle, { grace: 0, keepHome: false });
  driver.recovered([], new Set());
  clock.advance(SWEEP_GRACE);
  await expect.poll(() => tracesOf(options), { timeout: 20_000 }).toEqual(NO_TRACES);
  await driver.close();
});

test("without anybody's destroy the sweeper alone removes everything but the home", async () => {
  const home = await mkdtemp("/var/tmp/guise-homes-");
  const installation = randomIds.next("crash");
  const child = spawn(process.execPath, [STARTER, installation, home, "w-crash", join(home, "handle.json"), "running"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await untilSaid(child, "running");
  child.kill("SIGKILL");
  await once(child, "exit");
  const clock = new ManualClock(Date.now() + 60_000);
  const { driver, options } = await world.driver({ installation, home, clock });
  expect((await tracesOf(options)).objects.length).toBe(3);
  driver.recovered([{ workspace: "w-crash", generation: 1, home: "w-crash" }], new Set(["w-crash"]));
  clock.advance(SWEEP_GRACE);
  await driver.close();
  expect((await tracesOf(options)).objects.length).toBe(3);

  const later = await world.driver({ installation, home, clock });
  later.driver.recovered([], new Set(["w-crash"]));
  clock.advance(SWEEP_GRACE);
  await expect.poll(() => tracesOf(options), { timeout: 20_000 }).toEqual({ ...NO_TRACES, homes: ["w-crash.img", "w-crash.json"] });
});
