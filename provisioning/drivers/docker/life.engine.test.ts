import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeLayer, type Handle, type StartReport } from "#provisioning";
import { engineLayout } from "./engine/engine-layout.ts";
import { HomeStore } from "./storage/home-store.ts";
import { StorageFolders } from "./storage/storage-folders.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { TEST_SLOT } from "./test-support/test-slot.ts";
import { NO_TRACES, tracesOf } from "./test-support/traces.ts";

let world: EngineWorld;

beforeAll(async () => {
  world = await openEngineWorld();
});
afterAll(() => world.close());

const remove = { grace: 0, keepHome: false } as const;

test("a sandbox comes up with its phases in order, is seen, sampled and connected to, and leaves nothing", async () => {
  const { driver, options } = await world.driver();
  const told: string[] = [];
  let stored: Handle | undefined;
  const report: StartReport = {
    phaseStarted: (phase) => told.push(`${phase} started`),
    phaseFinished: (phase) => told.push(`${phase} finished`),
    handle: async (handle) => {
      stored = handle;
    },
  };
  const { handle, channel } = await driver.start(sandboxSpec(world.image), report);
  expect(told.filter((line) => line.endsWith("started"))).toEqual(["sandbox started", "network started", "storage started"]);
  expect(told.at(-1)).toBe("sandbox finished");
  expect(handle).toEqual(stored);
  expect(await driver.inspect(handle)).toEqual({ condition: "running" });
  expect((await driver.listOwned()).map(({ role }) => role).sort()).toEqual(["sandbox", "sandbox", "volume"]);
  const second = await driver.connect(JSON.parse(JSON.stringify(handle)));
  expect((await second.run("echo hello")).stdout).toBe("hello\n");
  expect(await driver.usage?.sample(handle)).toMatchObject({ cpu: expect.any(Number), ram: expect.any(Number) });
  channel.close();
  await driver.destroy(handle, remove);
  expect(await driver.inspect(handle)).toEqual({ condition: "gone" });
  await expect(driver.connect(handle)).rejects.toMatchObject({ code: "sandbox_gone" });
  await driver.destroy(handle, remove);
  expect(await tracesOf(options)).toEqual(NO_TRACES);
});

test("a personal layer goes with the keys; one too large for that is left to be written over the channel", async () => {
  const { driver } = await world.driver();
  const layer = (bytes: number) =>
    encodeLayer({
      id: "l",
      digest: "d",
      files: [{ path: "~/setting", content: Buffer.alloc(bytes, "x"), mode: 0o600, apply: "enforced" }],
      variables: { REGION: "UK" },
      programs: ["sh"],
    });
  const small = await driver.start(sandboxSpec(world.image, { personal: layer(50_000) }), quietReport);
  expect(await small.delivered).toEqual({ exit: 0, said: "found\n" });
  expect((await small.channel.run(". /run/guise/env; echo $REGION; wc -c < ~/setting; ls /run/guise")).stdout).toBe(
    "UK\n50000\nenv\nlaunches\n",
  );
  const large = await driver.start(sandboxSpec(world.image, { personal: layer(2 ** 16) }), quietReport);
  expect(large.delivered).toBeUndefined();
  expect((await large.channel.run("ls ~ /run/guise")).stdout).not.toMatch(/setting|layer|env/);
  for (const { handle } of [small, large]) await driver.destroy(handle, remove);
});

test("a kept home comes back with its files and its owner, larger where more is promised", async () => {
  const { driver } = await world.driver();
  const first = await driver.start(sandboxSpec(world.image, { workspace: "w-kept" }), quietReport);
  const { stdout: uid } = await first.channel.run("echo precious > ~/file; id -u");
  await driver.destroy(first.handle, { grace: 0, keepHome: true });
  const again = sandboxSpec(world.image, { workspace: "w-kept", generation: 2, storage: 128 * 2 ** 20 });
  const second = await driver.start(again, quietReport);
  expect((await second.channel.run("cat ~/file; id -u; stat -c %u ~/file")).stdout).toBe(`precious\n${uid}${uid}`);
  expect(Number((await second.channel.run("df --output=size -B1M ~ | tail -1")).stdout)).toBeGreaterThan(90);
  await driver.destroy(second.handle, remove);
});

test("a home that is not the recorded one is not mounted, and stays", async () => {
  const { driver, options } = await world.driver();
  const one = await driver.start(sandboxSpec(world.image, { workspace: "w-one" }), quietReport);
  await driver.destroy(one.handle, { grace: 0, keepHome: true });
  const record = join(options.home, "homes", "w-one.json");
  const text = await readFile(record, "utf8");
  await writeFile(record, text.replace(/"uuid":"[^"]+"/, '"uuid":"00000000-0000-0000-0000-000000000000"'));
  await expect(driver.start(sandboxSpec(world.image, { workspace: "w-one", generation: 2 }), quietReport)).rejects.toMatchObject({
    code: "storage_failed",
  });
  await writeFile(record, text);
  const back = await driver.start(sandboxSpec(world.image, { workspace: "w-one", generation: 3 }), quietReport);
  await driver.destroy(back.handle, remove);
  expect(await tracesOf(options)).toEqual(NO_TRACES);
});

test("shipped data is there to read, for two workspaces at once", async () => {
  const folder = await mkdtemp("/var/tmp/guise-shipped-");
  await writeFile(join(folder, "sales.csv"), "a,b\n1,2\n", { mode: 0o644 });
  const { driver, options } = await world.driver({ volumes: { "sample-sales": folder } });
  const volumes = [{ source: "sales", volume: "sample-sales", target: "/data/sales", access: "read" }] as const;
  const both = await Promise.all([0, 1].map(() => driver.start(sandboxSpec(world.image, { volumes }), quietReport)));
  for (const { channel } of both) {
    expect((await channel.run("cat /data/sales/sales.csv; ls -A /data/sales")).stdout).toBe("a,b\n1,2\nsales.csv\n");
    expect((await channel.run("touch /data/sales/x; rm -f /data/sales/sales.csv")).exit).not.toBe(0);
    expect((await channel.run("grep /data/sales /proc/self/mounts")).stdout).toMatch(/ ro,nosuid,nodev/);
  }
  await Promise.all(both.map(({ handle }) => driver.destroy(handle, remove)));
  await expect(
    driver.start(sandboxSpec(world.image, { volumes: [{ ...volumes[0], volume: "unknown" }] }), quietReport),
  ).rejects.toMatchObject({ code: "storage_failed" });
  await expect(
    driver.start(sandboxSpec(world.image, { volumes: [{ ...volumes[0], access: "write" }] }), quietReport),
  ).rejects.toMatchObject({ code: "storage_failed" });
  expect(await tracesOf(options)).toEqual(NO_TRACES);
  await rm(folder, { recursive: true });
});

test("programs are asked to end and get their grace; who ignores it is ended with it", async () => {
  const { driver } = await world.driver();
  const spec = sandboxSpec(world.image, { workspace: "w-grace" });
  const first = await driver.start(spec, quietReport);
  const saver = `setsid bash -c 'trap "sleep 0.5; echo saved > ~/saved; exit" TERM; echo > /tmp/on; while :; do sleep 0.1; done' >/dev/null 2>&1 </dev/null &`;
  await first.channel.run(`${saver} while [ ! -e /tmp/on ]; do sleep 0.05; done`);
  await driver.destroy(first.handle, { grace: 20_000, keepHome: true });
  const second = await driver.start({ ...spec, generation: 2, engineName: `${spec.engineName}-2` }, quietReport);
  expect((await second.channel.run("cat ~/saved")).stdout).toBe("saved\n");
  await second.channel.run(
    `setsid bash -c 'trap "" TERM HUP; echo > /tmp/on; while :; do sleep 0.1; done' >/dev/null 2>&1 </dev/null & while [ ! -e /tmp/on ]; do sleep 0.05; done`,
  );
  await driver.destroy(second.handle, { grace: 300, keepHome: false });
  expect(await driver.inspect(second.handle)).toEqual({ condition: "gone" });
});

// The engine would wait for half a minute: that is the test's own limit, not a figure of how fast it is.
test("who floods its own channel is removed without waiting for anybody to read it all", { timeout: 20_000 }, async () => {
  const { driver } = await world.driver();
  const { handle, channel } = await driver.start(sandboxSpec(world.image), quietReport);
  await channel.run("setsid sh -c 'yes > /proc/1/fd/1 & yes > /proc/1/fd/2' >/dev/null 2>&1 </dev/null &").catch(() => {});
  await channel.closed;
  // What the engine holds back is full, and the flood stands still.
  let spent = -1;
  const spends = async () => {
    const before = spent;
    spent = (await driver.usage?.sample(handle))?.cpu ?? 0;
    return spent - before;
  };
  await expect.poll(spends, { interval: 200, timeout: 10_000 }).toBeLessThan(1);
  await driver.destroy(handle, remove);
  expect(await driver.inspect(handle)).toEqual({ condition: "gone" });
});

test("a start that fails or is cancelled says why and leaves nothing", async () => {
  const { driver, options } = await world.driver();
  const missing = sandboxSpec(`sha256:${"0".repeat(64)}`);
  await expect(driver.start(missing, quietReport)).rejects.toMatchObject({ code: "image_missing" });
  const unreadable = sandboxSpec(world.image, { network: { allow: [{ cidr: "nonsense", protocol: "tcp", port: 1 }], openedRanges: [] } });
  await expect(driver.start(unreadable, quietReport)).rejects.toMatchObject({ code: "network_failed" });
  for (const phase of ["sandbox", "network", "storage"] as const) {
    const stop = new AbortController();
    const report = { ...quietReport, phaseStarted: (started: string) => (started === phase ? stop.abort() : undefined) };
    await expect(driver.start(sandboxSpec(world.image), report, stop.signal), phase).rejects.toMatchObject({ code: "cancelled" });
  }
  const late = new AbortController();
  const lateReport = {
    ...quietReport,
    phaseFinished: (phase: string) => (phase === "storage" ? setImmediate(() => late.abort()) : undefined),
  };
  await expect(driver.start(sandboxSpec(world.image), lateReport, late.signal)).rejects.toMatchObject({ code: "cancelled" });
  const unstorable = { ...quietReport, handle: async () => Promise.reject(new Error("the store is away")) };
  await expect(driver.start(sandboxSpec(world.image), unstorable)).rejects.toMatchObject({ code: "start_failed" });
  expect(await tracesOf(options)).toEqual(NO_TRACES);
});

test("a second generation does not get the home while the first runs", async () => {
  const { driver } = await world.driver();
  const first = await driver.start(sandboxSpec(world.image, { workspace: "w-two" }), quietReport);
  await expect(driver.start(sandboxSpec(world.image, { workspace: "w-two", generation: 2 }), quietReport)).rejects.toMatchObject({
    code: "storage_failed",
  });
  expect((await first.channel.run("touch ~/x && echo whole")).stdout).toBe("whole\n");
  expect(await driver.inspect(first.handle)).toEqual({ condition: "running" });
  await driver.destroy(first.handle, remove);
});

test("a new process takes sandboxes over, and an engine restart loses none", async () => {
  const { driver, options } = await world.driver();
  const { handle, channel } = await driver.start(sandboxSpec(world.image), quietReport);
  await channel.run("echo kept > ~/file");
  await driver.close();
  const later = (await world.driver({ ...options, run: "run-later" })).driver;
  expect(await later.recover(handle)).toEqual({ condition: "running" });
  const hinted = new Promise<void>((resolve) => later.onHint(() => resolve()));
  await hinted;

  const { dockerd } = engineLayout(TEST_SLOT.home, TEST_SLOT.installation);
  process.kill(Number(await readFile(dockerd.pid, "utf8")), "SIGKILL");
  await channel.closed;
  await expect(later.inspect(handle)).rejects.toMatchObject({ code: "engine_unreachable" });
  await expect(later.connect(handle)).rejects.toMatchObject({ code: "engine_unreachable" });
  await expect(later.start(sandboxSpec(world.image), quietReport)).rejects.toMatchObject({ code: "engine_unreachable" });
  await world.engine.up(() => {});

  expect(await later.inspect(handle)).toEqual({ condition: "running" });
  expect((await (await later.connect(handle)).run("cat ~/file")).stdout).toBe("kept\n");
  await later.destroy(handle, { grace: 0, keepHome: true });
  const again = await later.start(sandboxSpec(world.image, { workspace: handle.workspace, generation: 2 }), quietReport);
  expect((await again.channel.run("cat ~/file")).stdout).toBe("kept\n");
  await later.destroy(again.handle, remove);
  expect(await tracesOf(options)).toMatchObject({ ...NO_TRACES, objects: expect.any(Array) });
  expect((await tracesOf(options)).objects.filter((name) => !name.startsWith("volume"))).toEqual([]);
});

test("what dies is seen: broken, not running and not gone", async () => {
  const { driver } = await world.driver();
  const { handle } = await driver.start(sandboxSpec(world.image), quietReport);
  await world.client.getContainer(String(handle.opaque.guard)).kill();
  expect(await driver.inspect(handle)).toMatchObject({ condition: "broken" });
  await driver.destroy(handle, remove);
});

test("an image without a record is put aside, not removed", async () => {
  const { driver, options } = await world.driver();
  const { handle } = await driver.start(sandboxSpec(world.image, { workspace: "w-lost" }), quietReport);
  await driver.destroy(handle, { grace: 0, keepHome: true });
  await rename(join(options.home, "homes", "w-lost.json"), join(options.home, "elsewhere.json"));
  const folders = new StorageFolders(options.home);
  await new HomeStore(folders, { ...options, blanks: 0 }).quarantineUnknown();
  expect(await readdir(folders.homes)).toEqual([]);
  expect((await readdir(folders.quarantine)).length).toBe(1);
});
