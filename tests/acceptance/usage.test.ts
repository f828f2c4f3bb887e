import type { UsageSample, WorkspaceUsage } from "@guise/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/** What a script is known to use is what is measured of it. */
let world: World;
const MIB = 2 ** 20;
const FULL = { cpu: "1", ram: "512Mi", storage: "128Mi", network_bandwidth: "20Mbit" };

beforeAll(async () => {
  world = await World.open();
  await world.publish(tinyPersona({ resource_requirements: FULL, lifetime: { home: "keep" } }));
  await world.guise("request", "tiny");
});
afterAll(() => world?.close());

async function usage(): Promise<WorkspaceUsage> {
  return JSON.parse((await world.guise("usage", "tiny", "--json")).stdout) as WorkspaceUsage;
}

/** The first sample that began after now. */
async function nextSample(): Promise<UsageSample> {
  const now = Date.now() + 1;
  return expect
    .poll(async () => (await usage()).latest, { timeout: 30_000, interval: 500 })
    .toSatisfy((latest: UsageSample | undefined) => latest !== undefined && Date.parse(latest.at) > now)
    .then(async () => (await usage()).latest as UsageSample);
}

const within = (share: number, measured: number, known: number) => {
  expect(measured).toBeGreaterThan(known * (1 - share));
  expect(measured).toBeLessThan(known * (1 + share));
};

test("cpu, memory and storage of a scripted load are within 2 %, of the workspace and of the application", async () => {
  const before = await nextSample();
  // Six seconds of cpu time in two processes, one of which ends; then it holds 200 MiB and has written 50 MiB.
  const load = `perl -e 'while ((times)[0] + (times)[1] < 2) {}'
    exec perl -e 'while ((times)[0] + (times)[1] < 4) {} open my $zero, "<", "/dev/zero"; read $zero, my $held, 200 * 1048576; system "head -c 52428800 /dev/urandom > ~/written; sync; touch ~/said"; sleep 1000'`;
  const began = Date.now();
  const { stdout } = await world.guise("launch", "tiny", "shell", "--json", "--", "-c", load);
  const answered = Date.now();
  const { launch_id } = JSON.parse(stdout) as { launch_id: string };
  await expect
    .poll(async () => (await world.guise("exec", "tiny", "--", "test", "-e", "said")).exit, { timeout: 60_000, interval: 1000 })
    .toBe(0);
  const after = await nextSample();
  const shell = after.applications.find(({ application }) => application === "shell");
  within(0.02, after.ram - before.ram, 200 * MIB);
  within(0.02, after.storage - before.storage, 50 * MIB);
  within(0.02, shell?.ram ?? 0, 200 * MIB);
  // Writing random bytes is work too: what the launch's process and its ended children spent is asked of the kernel, from inside.
  const spent = (await world.guise("exec", "tiny", "--", "sh", "-c", `cut -d" " -f14-17 /proc/$(pgrep -x perl)/stat`)).stdout;
  const known =
    spent
      .trim()
      .split(" ")
      .reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
  expect(known).toBeGreaterThan(6000);
  within(0.02, shell?.cpu_time ?? 0, known);
  // It began between the order and the answer.
  expect(shell?.running).toBeGreaterThan((Date.parse(after.at) - answered) * 0.98);
  expect(shell?.running).toBeLessThan((Date.parse(after.at) - began) * 1.02);
  expect(shell?.launches).toBe(1);
  expect(shell?.ram_peak).toBeGreaterThan(199 * MIB);
  expect(launch_id).toMatch(/^l-/);
});

test("totals go on over a killed Guise and a pause, and stay when the workspace is given back", async () => {
  const { workspace_id, totals, applications } = await nextSample();
  const used = applications.find(({ application }) => application === "shell")?.cpu_time ?? 0;
  // Saved once a minute: nothing of what the kernel counts for what still runs is lost with Guise.
  await world.kill();
  await world.start();
  const after = await nextSample();
  expect(after.totals.cpu_time).toBeGreaterThanOrEqual(totals.cpu_time);
  expect(after.totals.cpu_time).toBeLessThan(totals.cpu_time * 1.2);
  // What is open when it is suspended is opened again: this one has ended.
  await world.guise("exec", "tiny", "--", "pkill", "-x", "perl");
  const running = async () => {
    const [held] = JSON.parse((await world.guise("ps", "--json")).stdout) as { launches: { state: string }[] }[];
    return held?.launches.some(({ state }) => state === "running");
  };
  await expect.poll(running, { timeout: 60_000 }).toBe(false);
  await world.guise("suspend", "tiny");
  await world.guise("resume", "tiny");
  const resumed = await nextSample();
  expect(resumed.totals.cpu_time).toBeGreaterThanOrEqual(after.totals.cpu_time);
  const shell = resumed.applications.find(({ application }) => application === "shell");
  within(0.02, shell?.cpu_time ?? 0, used);
  await world.guise("release", "tiny", "--with-home");
  const { stdout } = await world.guise("usage", workspace_id, "--json");
  const kept = JSON.parse(stdout) as WorkspaceUsage;
  expect(kept.latest).toBeUndefined();
  expect(kept.totals.cpu_time).toBeGreaterThanOrEqual(resumed.totals.cpu_time);
  expect((await world.guise("usage", workspace_id)).stdout).toMatch(/in all +\S+ s of cpu time/);
});
