import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineLayout } from "#drivers/docker";
import { tinyPersona, World } from "./support/world.ts";

/** The engine, its parts, the machine and the disk fail under running workspaces: nobody loses a file, and all goes on. */
let world: World;
const ROOMY = { cpu: "500m", ram: "256Mi", storage: "256Mi", network_bandwidth: "20Mbit" };

beforeAll(async () => {
  world = await World.open({ recorded: false });
  await world.publish(tinyPersona({ resource_requirements: ROOMY }));
});
afterAll(() => world?.close());

interface Shown {
  readonly state: string;
  readonly generation: number;
  readonly reason?: string;
  readonly message?: string;
}
const inside = (script: string, who = "owner") => world.as(who, "exec", "tiny", "--", "sh", "-c", script);
const shown = async (who = "owner") => (JSON.parse((await world.as(who, "ps", "--json")).stdout || "[]") as Shown[])[0];
const untilReady = (who = "owner") => expect.poll(async () => (await shown(who))?.state, { timeout: 90_000, interval: 500 }).toBe("ready");
const works = (who = "owner") => expect.poll(async () => (await inside("true", who)).exit, { timeout: 60_000, interval: 500 }).toBe(0);

/** Processes of this installation whose command line has the word. */
function processesWith(word: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(world.home()) && command.includes(word) && pid !== process.pid;
      } catch {
        return false;
      }
    });
}
const killAll = (word: string) => killEach(processesWith(word));

function killEach(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself: with the one that was killed before it.
    }
  }
}
const DOCKERD = "daemon.json";
const CONTAINERD = "containerd.toml";

test.each([
  ["the engine", DOCKERD],
  ["containerd", CONTAINERD],
])("%s is killed under a workspace: it is started again, and the workspace never noticed", async (_name, word) => {
  await world.guise("request", "tiny");
  await inside("echo precious > ~/kept; sync; (setsid sleep 5000 >/dev/null 2>&1 &)");
  const before = await shown();
  const old = processesWith(word);
  expect(old.length).toBeGreaterThan(0);
  killAll(word);
  await expect.poll(() => processesWith(word).filter((pid) => !old.includes(pid)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  await works();
  expect((await inside("cat ~/kept; pgrep -c sleep")).stdout).toMatch(/^precious\n[1-9]/);
  expect((await shown())?.generation).toBe(before?.generation);
  expect((await world.guise("release", "tiny")).exit).toBe(0);
});

test("20 times suspended and resumed with 10,000 files, while engine, containerd and Guise are killed: equal checksums", async () => {
  await world.guise("request", "tiny");
  const fill =
    "mkdir -p ~/tree; cd ~/tree; n=0; while [ $n -lt 10000 ]; do d=$((n % 50)); [ -d $d ] || mkdir $d; echo $n.$n > $d/$n; n=$((n + 1)); done; sync";
  expect((await inside(fill)).exit).toBe(0);
  const sum = async () => (await inside("cd ~/tree && find . -type f | sort | xargs sha256sum | sha256sum; find . -type f | wc -l")).stdout;
  const whole = await sum();
  expect(whole).toMatch(/\n10000\n/);
  let kills = 0;
  for (let cycle = 0; cycle < 20; cycle++) {
    const victim = ([undefined, DOCKERD, CONTAINERD, "guise"] as const)[cycle % 4];
    // Sooner and later, while it is suspended in one cycle and while it is resumed in another.
    const moment = 300 + 150 * (cycle % 5);
    const suspends = cycle % 8 < 4;
    kills += await under("suspend", "suspended", suspends ? victim : undefined, moment);
    kills += await under("resume", "ready", suspends ? undefined : victim, moment);
    await works();
    expect([cycle, await sum()]).toEqual([cycle, whole]);
  }
  console.log(`20 cycles with 10,000 files, ${kills} kills: checksums equal`);
  expect((await world.guise("release", "tiny")).exit).toBe(0);
});

/** The command, with a kill on its way; who was cut off asks again. */
async function under(verb: string, state: string, victim: string | undefined, moment: number): Promise<number> {
  const first = world.begin("owner", verb, "tiny");
  if (victim !== undefined) {
    await setTimeout(moment);
    await strike(victim);
  }
  let { exit } = await first.ended;
  for (let left = 5; exit !== 0 && left > 0; left--) ({ exit } = await world.guise(verb, "tiny"));
  await expect.poll(async () => (await shown())?.state, { timeout: 90_000, interval: 300 }).toBe(state);
  return victim === undefined ? 0 : 1;
}

async function strike(victim: string): Promise<void> {
  if (victim !== "guise") return killAll(victim);
  await world.kill();
  await world.start();
}

test("the machine reboots, and its loop devices come in another order: everybody has his own files", async () => {
  await world.signIn("ann", ["engineering"]);
  for (const who of ["owner", "ann"]) {
    await world.as(who, "request", "tiny");
    await inside(`echo of-${who} > ~/whose; sync`, who);
  }
  await world.kill();
  // What a machine loses when its power goes: every process, mount, device and rule. What it keeps is on its disk.
  for (const word of [DOCKERD, CONTAINERD, "containerd-shim"]) killAll(word);
  killEach(programsInside());
  await setTimeout(1000);
  for (const target of mountsBelow()) execFileSync("umount", ["-l", target]);
  for (const device of devicesOf()) execFileSync("losetup", ["-d", device]);
  for (const folder of ["exec", join("containerd", "state")])
    rmSync(join(world.home(), "engine", folder), { recursive: true, force: true });
  const { bridge, table } = engineLayout(world.home(), world.installation());
  execFileSync("ip", ["link", "delete", bridge]);
  execFileSync("nft", ["delete", "table", "inet", table]);
  // Others are first after this boot.
  const others = [1, 2, 3].map((n) => {
    const file = world.file(`other-${n}.img`, "");
    execFileSync("truncate", ["-s", "1M", file]);
    return execFileSync("losetup", ["-f", "--show", file], { encoding: "utf8" }).trim();
  });
  try {
    await world.start();
    for (const who of ["owner", "ann"]) {
      await untilReady(who);
      await works(who);
      expect([who, (await inside("cat ~/whose; ls -A ~ | wc -l", who)).stdout.split("\n")[0]]).toEqual([who, `of-${who}`]);
    }
    for (const who of ["owner", "ann"]) expect((await world.as(who, "release", "tiny")).exit).toBe(0);
  } finally {
    for (const device of others) execFileSync("losetup", ["-d", device]);
  }
});

function programsInside(): number[] {
  const group = `/guise-${world.installation()}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`${group}/`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function mountsBelow(): string[] {
  const targets = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? []);
  return targets.filter((target) => target.startsWith(`${world.home()}/`)).reverse();
}

function devicesOf(): string[] {
  const lines = execFileSync("losetup", ["-l", "-n", "-O", "NAME,BACK-FILE"], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => (line.includes(world.home()) ? (line.trim().split(/\s+/)[0] ?? []) : []));
}

test("Guise stands still for 30 s and goes on: what was asked meanwhile is done, what ran goes on", async () => {
  await world.guise("request", "tiny", "--name", "one");
  await world.guise("exec", "tiny", "--name", "one", "--", "sh", "-c", "echo precious > ~/kept; sync");
  const before = await shown();
  const waiting = world.begin("owner", "request", "tiny", "--name", "two");
  world.signal("SIGSTOP");
  await setTimeout(30_000);
  world.signal("SIGCONT");
  expect((await waiting.ended).exit).toBe(0);
  expect([(await shown())?.state, (await shown())?.generation]).toEqual(["ready", before?.generation]);
  expect((await world.guise("exec", "tiny", "--name", "one", "--", "cat", "/home/user/kept")).stdout).toBe("precious\n");
  for (const name of ["one", "two"]) expect((await world.guise("release", "tiny", "--name", name)).exit).toBe(0);
});

test("the disk of the homes fills up: what runs goes on, and can be suspended and resumed; what is asked is told why, and starts when there is room", async () => {
  const folder = join(world.home(), "sandboxes");
  const image = world.path("disk.img");
  await world.kill();
  mkdirSync(folder, { recursive: true });
  execFileSync("truncate", ["-s", "1600M", image]);
  execFileSync("mkfs.ext4", ["-q", "-F", "-m", "0", image]);
  execFileSync("mount", ["-o", "loop", image, folder]);
  try {
    await world.start();
    expect((await world.guise("request", "tiny", "--name", "one")).exit).toBe(0);
    await world.guise("exec", "tiny", "--name", "one", "--", "sh", "-c", "echo precious > ~/kept; sync");
    const { bavail, bsize } = statfsSync(folder);
    execFileSync("fallocate", ["-l", String(bavail * bsize - 200 * 2 ** 20), join(folder, "filler")]);
    const waiting = world.begin("owner", "request", "tiny", "--name", "two");
    const why = async () => (await world.guise("why", "tiny", "--name", "two")).stdout;
    await expect.poll(why, { timeout: 60_000 }).toMatch(/storage/);
    const refused = await world.guise("request", "tiny", "--name", "three", "--no-wait");
    expect([refused.exit, refused.stderr]).toEqual([5, expect.stringContaining("storage")]);
    expect((await world.guise("exec", "tiny", "--name", "one", "--", "cat", "/home/user/kept")).stdout).toBe("precious\n");
    await world.guise("suspend", "tiny", "--name", "one");
    expect((await world.guise("resume", "tiny", "--name", "one")).exit).toBe(0);
    expect((await world.guise("exec", "tiny", "--name", "one", "--", "cat", "/home/user/kept")).stdout).toBe("precious\n");
    rmSync(join(folder, "filler"));
    expect((await waiting.ended).exit).toBe(0);
    for (const name of ["one", "two"]) expect((await world.guise("release", "tiny", "--name", name)).exit).toBe(0);
  } finally {
    await world.down();
    execFileSync("umount", [folder]);
    await world.start();
  }
});
