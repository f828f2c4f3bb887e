import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Channel, Driver, Handle } from "#provisioning";
import { HIDDEN_PATHS } from "./hidden-paths.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";

/** What a workspace is told of the machine that it runs on, of its installation, and of other workspaces. */
let world: EngineWorld;
let driver: Driver;
let installation: string;
let stateFolder: string;
let handle: Handle;
let channel: Channel;

beforeAll(async () => {
  world = await openEngineWorld();
  const made = await world.driver();
  driver = made.driver;
  ({ installation, home: stateFolder } = made.options);
  ({ handle, channel } = await driver.start(sandboxSpec(world.image), quietReport));
});
afterAll(async () => {
  if (handle !== undefined) await driver.destroy(handle, { grace: 0, keepHome: false });
  await world?.close();
});

async function said(command: string): Promise<string> {
  return (await channel.run(command)).stdout.trim();
}

test("places of the kernel that tell of the machine and of everybody's homes read as empty", async () => {
  const shown = `for p in ${HIDDEN_PATHS.join(" ")}; do if [ -d $p ]; then ls -A $p; elif [ -e $p ]; then cat $p; fi; done`;
  expect(await said(shown)).toBe("");
  expect(await said("cat /sys/block/*/loop/backing_file /sys/devices/virtual/block/*/loop/backing_file 2> /dev/null")).toBe("");
});

test("its control groups have no names", async () => {
  const paths = (await said("cut -d: -f3- /proc/self/cgroup")).split("\n");
  expect(new Set(paths)).toEqual(new Set(["/"]));
});

test("the state folder is named by its own mount table alone, and the installation nowhere", async () => {
  const holding = async (text: string) =>
    said(
      `{ find /proc /sys -maxdepth 7 -path '/proc/[0-9]*' -prune -o -type f -readable -print; find /proc/$$/ -maxdepth 1 -type f -readable; } 2> /dev/null | grep -v -e '/cmdline$' -e '/pagemap$' | xargs grep -ls -e '${text}' | sed 's,^/proc/[0-9]*/,,' | sort`,
    );
  expect((await holding(`${dirname(world.facts.socketPath)}\\|${stateFolder}`)).split("\n")).toEqual(["mountinfo", "mounts", "mountstats"]);
  expect(await holding(`/guise-${installation}/`)).toBe("");
});

test("its users are others outside: each is a number that nobody there has", async () => {
  const [inside, outside, count] = (await said("cat /proc/self/uid_map"))
    .split(/ +/)
    .filter((field) => field !== "")
    .map(Number);
  expect({ inside, isUnprivileged: (outside ?? 0) >= 100_000, isBounded: (count ?? 0) < 2 ** 30 }).toEqual({
    inside: 0,
    isUnprivileged: true,
    isBounded: true,
  });
});

/** CAP_SYS_RESOURCE: whoever has it sets the least that others may choose. */
function hostKeepsMarks(): boolean {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return (BigInt(`0x${effective}`) & (1n << 24n)) !== 0n;
}

test("it cannot spare itself before the machine's own services when memory ends", async () => {
  const after = (value: number) => said(`echo ${value} > /proc/self/oom_score_adj; cat /proc/self/oom_score_adj`);
  expect(await said("cat /proc/self/oom_score_adj")).toBe("500");
  expect(Number(await after(0))).toBe(hostKeepsMarks() ? 500 : 0);
  for (const value of [-1, -500, -1000]) expect(Number(await after(value))).toBeGreaterThanOrEqual(0);
});
