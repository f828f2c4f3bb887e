import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#foundation";
import { applyPersonalLayer, type Driver, readHomeFile, type SandboxSpec, type Started, swapHomeFiles } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";

let world: EngineWorld;
let driver: Driver;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
});
afterAll(() => world.close());

const MEBIBYTE = 2 ** 20;

/** Runs `use` in a sandbox of its own, which is gone afterwards. */
async function inSandbox<T>(over: Partial<SandboxSpec>, use: (started: Started) => Promise<T>): Promise<T> {
  const started = await driver.start(sandboxSpec(world.image, over), quietReport);
  try {
    return await use(started);
  } finally {
    await driver.destroy(started.handle, { grace: 0, keepHome: false });
  }
}

test("a program that takes its ram and 64 MiB more is killed, and the workspace goes on", () =>
  inSandbox({ limits: { cpu: 1000, ram: 128 * MEBIBYTE, processes: 100 } }, async ({ handle, channel }) => {
    const bytes = 192 * MEBIBYTE;
    const { stdout } = await channel.run(`head -c ${bytes} /dev/zero | { tail -c ${bytes} >/dev/null; echo $?; }`);
    expect(stdout.trim()).toBe("137");
    expect((await channel.run("echo alive")).stdout).toBe("alive\n");
    const seen = await driver.usage?.limits(handle);
    expect(seen).toMatchObject({ kills: 1, refusedProcesses: 0, killed: [{ program: "tail" }] });
    expect(Math.abs(Date.now() - (seen?.killed[0]?.at ?? 0))).toBeLessThan(60_000);
    expect(seen?.ramMost).toBeGreaterThan(120 * MEBIBYTE);
    expect(seen?.ramMost).toBeLessThanOrEqual(128 * MEBIBYTE);
    expect(await driver.inspect(handle)).toEqual({ condition: "running" });
  }));

test("temporary folders count as ram and are bounded on their own", () =>
  inSandbox({ limits: { cpu: 1000, ram: 256 * MEBIBYTE, processes: 100 } }, async ({ channel }) => {
    const { stdout } = await channel.run("head -c 200M /dev/zero > /tmp/fill; stat -c %s /tmp/fill; rm /tmp/fill");
    expect(Number(stdout)).toBeLessThanOrEqual(64 * MEBIBYTE);
    expect(Number(stdout)).toBeGreaterThan(40 * MEBIBYTE);
  }));

test("one process more than the limit does not start", () =>
  inSandbox({ limits: { cpu: 1000, ram: 256 * MEBIBYTE, processes: 40 } }, async ({ handle, channel }) => {
    const { exit, stdout } = await channel.run("exec sh -c 'n=0; while :; do sleep 20 >/dev/null 2>&1 & n=$((n+1)); echo $n; done'");
    const started = stdout.trim().split("\n").length;
    expect(exit).not.toBe(0);
    expect(started).toBeLessThan(40);
    expect(started).toBeGreaterThan(25);
    const seen = await driver.usage?.limits(handle);
    expect(seen).toMatchObject({ kills: 0, killed: [] });
    expect(seen?.refusedProcesses).toBeGreaterThan(0);
  }));

test("file watches are each workspace's own: one that takes all it can leaves the next one its own", () =>
  inSandbox({}, ({ channel: greedy }) =>
    inSandbox({}, async ({ channel }) => {
      // 253: inotify_init
      const take = "perl -e '$| = 1; $n++ while $n < 5000 && syscall(253) >= 0; print \"$n\\n\"; sleep 600'";
      const taken = (of: typeof channel) =>
        of.run(`${take} > /tmp/taken 2> /dev/null < /dev/null & until [ -s /tmp/taken ]; do sleep 0.05; done; cat /tmp/taken`);
      const all = Number((await taken(greedy)).stdout);
      expect(all).toBeGreaterThan(200);
      expect(all).toBeLessThanOrEqual(256);
      expect(Number((await taken(channel)).stdout)).toBe(all);
      const { stdout } = await channel.run("cat /proc/sys/user/max_inotify_watches");
      expect(Number(stdout)).toBe(65_536);
    }),
  ));

test("the home is full at its figure, in bytes and in files, and gives back what is deleted", () =>
  inSandbox({ storage: 64 * MEBIBYTE }, async ({ handle, channel }) => {
    const bytes = await channel.run("head -c 100M /dev/zero > ~/fill; stat -c %s ~/fill");
    expect(bytes.stderr).toContain("No space left");
    expect(Number(bytes.stdout)).toBeLessThanOrEqual(64 * MEBIBYTE);
    expect(Number(bytes.stdout)).toBeGreaterThan(50 * MEBIBYTE);
    const full = await driver.usage?.sample(handle);
    await channel.run("sync; rm ~/fill; sync");
    const files = await channel.run("mkdir ~/many && cd ~/many && n=0; while { : > $n; } 2>/dev/null; do n=$((n+1)); done; echo $n");
    expect(Number(files.stdout)).toBeLessThan(20_000);
    const emptied = await driver.usage?.sample(handle);
    expect(emptied?.storage ?? Number.NaN).toBeLessThan((full?.storage ?? 0) / 2);
  }));

test("a full home is seen from outside, and takes no settings: what it has of them stays, and is named", () =>
  inSandbox({ storage: 64 * MEBIBYTE }, async ({ handle, channel }) => {
    const settingAt = (path: string) => ({ path, content: Buffer.alloc(20_000, path), mode: 0o600, apply: "enforced" as const });
    const settings = ["~/.config/app/one.json", "~/two.ini"].map(settingAt);
    const layer = { id: "l", digest: "d", files: [...settings, settingAt("/run/guise/x")], variables: { A: "1" }, programs: [] };
    const apply = () => applyPersonalLayer(channel, layer, { within: 20_000, clock: systemClock });
    expect(await apply()).toEqual({ unwritten: [], met: [], found: true });
    const before = await driver.usage?.homeRoom(handle);
    expect((before?.bytes.used ?? Number.NaN) / (before?.bytes.of ?? Number.NaN)).toBeLessThan(0.1);
    await channel.run("rm -r ~/.config; for n in 1 2 3; do dd if=/dev/zero of=$HOME/fill$n bs=4k; sync; done");
    expect((await channel.run("true > /dev/null; ls ~")).exit).toBe(0);
    const full = await driver.usage?.homeRoom(handle);
    expect((full?.bytes.of ?? 0) - (full?.bytes.used ?? 0)).toBeLessThan(64 * 1024);
    expect(await apply()).toEqual({ unwritten: settings.map(({ path }) => path), met: [], found: true });
    expect(
      (await channel.run("head -c 9 ~/two.ini; . /run/guise/env; echo $A; wc -c < /run/guise/x; ls -A ~ | grep -c guise-layer")).stdout,
    ).toBe("~/two.ini1\n20000\n0\n");
    await channel.run("rm ~/fill*; sync");
    expect(await apply()).toEqual({ unwritten: [], met: [], found: true });
  }));

test("a file that its person has is met, read and exchanged; a full home keeps it", () =>
  inSandbox({ storage: 64 * MEBIBYTE }, async ({ channel }) => {
    const file = { path: "~/.config/app.json", content: Buffer.from("{}"), mode: 0o600, apply: "met" as const };
    const layer = { id: "l", digest: "d", files: [file], variables: {}, programs: [] };
    const apply = () => applyPersonalLayer(channel, layer, { within: 20_000, clock: systemClock });
    expect((await apply()).met).toEqual([]);
    await channel.run("printf mine > ~/.config/app.json; chmod 640 ~/.config/app.json");
    expect((await apply()).met).toEqual([file.path]);
    const before = Buffer.from("mine");
    expect(await readHomeFile(channel, file.path)).toEqual({ kind: "file", content: before, mode: 0o640 });
    const swap = { path: file.path, before, content: Buffer.alloc(100_000, "n"), mode: 0o640, keeps: true };
    await channel.run("for n in 1 2 3; do dd if=/dev/zero of=$HOME/fill$n bs=4k; sync; done");
    expect(await swapHomeFiles(channel, [swap])).toEqual(["full"]);
    expect((await channel.run("cat ~/.config/app.json")).stdout).toBe("mine");
    await channel.run("rm ~/fill*; sync");
    expect(await swapHomeFiles(channel, [swap])).toEqual(["done"]);
    const look = "cd ~/.config; cat app.json.yours; stat -c ' %a %s' app.json; ls -A";
    expect((await channel.run(look)).stdout).toBe("mine 640 100000\napp.json\napp.json.yours\n");
  }));

test("not root, no capability, no new privileges, under seccomp, writing nowhere but home and temporary folders", () =>
  inSandbox({}, async ({ channel }) => {
    expect(Number((await channel.run("id -u")).stdout)).toBeGreaterThan(0);
    const { stdout: status } = await channel.run("cat /proc/self/status");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    // Its identity is taken out of its hands a moment after the start.
    await channel.run("while [ -w /run/identity ]; do sleep 0.02; done");
    const { stdout: folders } = await channel.run(
      'find / -path /proc -prune -o \\( -type d -o -type f \\) -writable -print 2>/dev/null | while read -r path; do [ -c "$path" ] || echo "$path"; done',
    );
    const places = ["/home/user", "/tmp", "/run/guise", "/dev/shm", "/dev/mqueue"];
    expect(
      folders
        .trim()
        .split("\n")
        .filter((path) => !places.some((place) => path === place || path.startsWith(`${place}/`))),
    ).toEqual([]);
    const { stdout: mounts } = await channel.run("cat /proc/self/mounts");
    for (const place of ["/home/user", "/tmp", "/run"]) expect(mounts).toMatch(new RegExp(` ${place} \\S+ \\S*nosuid\\S*nodev`));
    expect((await channel.run("ls -ldn ~")).stdout).toMatch(/^drwx------/);
    expect((await channel.run("mount -t tmpfs x /tmp; unshare -Ur true; nft list ruleset; ip link set eth0 down")).exit).not.toBe(0);
  }));
