import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { silentLog, systemClock } from "#foundation";
import { engineLayout } from "./engine-layout.ts";
import { mountsBelow } from "./engine-leftovers.ts";
import { engineRequest } from "./engine-request.ts";
import { OwnEngine } from "./own-engine.ts";
import { processesWith } from "./process-life.ts";
import { tryTool } from "./run-tool.ts";

const opened: { readonly engine: OwnEngine; readonly home: string }[] = [];

async function newEngine() {
  const home = await mkdtemp("/var/tmp/guise-engine-");
  const installation = `test-${home.slice(-6).toLowerCase()}`;
  const engine = new OwnEngine({ home, installation, log: silentLog, clock: systemClock });
  opened.push({ engine, home });
  return { engine, home, layout: engineLayout(home, installation) };
}

afterAll(async () => {
  for (const { engine, home } of opened) {
    await engine.purge();
    await rm(home, { recursive: true, force: true });
  }
});

/** What an engine leaves on the machine, by kind. */
async function traces({ layout }: Awaited<ReturnType<typeof newEngine>>) {
  const lines = async (program: string, args: readonly string[], word: string) =>
    (await tryTool(program, args)).stdout.split("\n").filter((line) => line.includes(word));
  return {
    processes: [
      ...(await processesWith("containerd", layout.containerd.configuration)),
      ...(await processesWith("containerd-shim", layout.containerd.socket)),
      ...(await processesWith("dockerd", layout.dockerd.configuration)),
    ],
    mounts: mountsBelow(await readFile("/proc/self/mounts", "utf8"), layout.folder),
    bridges: await lines("ip", ["-br", "link"], layout.bridge),
    tables: await lines("nft", ["list", "tables"], layout.table),
    rules: await lines("iptables-save", [], layout.bridge).catch(() => []),
    groups: await lines("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-type", "d"], layout.cgroupParent),
  };
}

const NOTHING = { processes: [], mounts: [], bridges: [], tables: [], rules: [], groups: [] };

test("comes up, is found again, survives kill -9 of either daemon, and goes without a trace", async () => {
  const own = await newEngine();
  const facts = await own.engine.up(() => {});
  expect(await own.engine.status()).toEqual({ containerd: true, dockerd: true, rules: true });
  expect(await own.engine.up(() => {})).toEqual(facts);
  const { body } = await engineRequest(facts.socketPath, "GET", "/info");
  expect(JSON.parse(body).SecurityOptions).toEqual(expect.arrayContaining(["name=userns"]));

  for (const daemon of [own.layout.dockerd, own.layout.containerd]) {
    process.kill(Number(await readFile(daemon.pid, "utf8")), "SIGKILL");
    expect(await own.engine.up(() => {})).toEqual(facts);
    expect(await own.engine.status()).toEqual({ containerd: true, dockerd: true, rules: true });
  }

  await own.engine.down();
  expect(await traces(own)).toEqual(NOTHING);
  // its subnet may have gone to somebody else meanwhile
  expect((await own.engine.up(() => {})).remapBase).toBe(facts.remapBase);
  await own.engine.purge();
  await own.engine.purge();
  expect(await traces(own)).toEqual(NOTHING);
  expect((await tryTool("getent", ["passwd", own.layout.remapUser])).exit).not.toBe(0);
  expect(await readFile("/etc/subuid", "utf8")).not.toContain(own.layout.remapUser);
});

test("a start that died half-way is finished, and a lost rule is put back", async () => {
  const own = await newEngine();
  await tryTool("ip", ["link", "add", own.layout.bridge, "type", "bridge"]);
  await tryTool("useradd", ["--system", own.layout.remapUser]);
  const facts = await own.engine.up(() => {});
  await tryTool("nft", ["delete", "table", "inet", own.layout.table]);
  expect((await own.engine.status()).rules).toBe(false);
  await own.engine.holdNetwork();
  expect((await own.engine.status()).rules).toBe(true);
  await own.engine.down();
  await writeFile(own.layout.dockerd.ownPid, String(process.pid));
  await writeFile(own.layout.dockerd.pid, String(process.pid));
  expect((await own.engine.up(() => {})).remapBase).toBe(facts.remapBase);
});

test("two installations that start at once share nothing", async () => {
  const [one, two] = [await newEngine(), await newEngine()];
  const [first, second] = await Promise.all([one.engine.up(() => {}), two.engine.up(() => {})]);
  expect(first.subnet).not.toBe(second.subnet);
  expect(Math.abs(first.remapBase - second.remapBase)).toBeGreaterThanOrEqual(1_000_000);
  // what one gives up while it is down, another may take; it then moves when it comes back
  await one.engine.down();
  const third = await (await newEngine()).engine.up(() => {});
  const again = await one.engine.up(() => {});
  expect(new Set([second.subnet, third.subnet, again.subnet]).size).toBe(3);
  await one.engine.purge();
  expect(await two.engine.status()).toEqual({ containerd: true, dockerd: true, rules: true });
});

test("a folder that nobody passes is refused with what to type", async () => {
  const closed = await mkdtemp("/var/tmp/guise-closed-");
  const engine = new OwnEngine({ home: join(closed, "home"), installation: "closed", log: silentLog, clock: systemClock });
  await expect(engine.up(() => {})).rejects.toMatchObject({
    code: "folder_closed",
    message: expect.stringContaining(`chmod o+x ${closed}`),
  });
  await rm(closed, { recursive: true });
});
