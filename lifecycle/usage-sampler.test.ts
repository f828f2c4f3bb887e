import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UsageSample, WorkspaceEvent } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CodedError, ManualClock, silentLog } from "#foundation";
import { type LaunchRow, openUsageStore, type UsageStore, type WorkspaceRow } from "#repository";
import { UsageSampler, type UsageSamplerOptions } from "./usage-sampler.ts";

let folder: string;
let store: UsageStore;
let clock: ManualClock;
let sampler: UsageSampler;
let tell: (event: WorkspaceEvent) => void;
let rows: WorkspaceRow[];
let launches: LaunchRow[];
let counters: { cpu: number; ram: number; storage: number; received: number; sent: number };
let processes: { id: string; parent: undefined; launch: string; cpu: number; ram: number }[];
let looked: number;
let ramMost: number;

const ofAnn = { owner: "ann", group: "g", persona: "p", version: 3, demand: { cpu: 1, ram: 20, storage: 30, ingress: 0, egress: 0 } };
const workspace = (over: Partial<WorkspaceRow> = {}) =>
  ({ ...ofAnn, id: "w", generation: 1, state: "ready", handle: { driver: "memory" }, readyAt: clock.now(), ...over }) as WorkspaceRow;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "guise-sampler-"));
  store = await openUsageStore({ folder, log: silentLog });
  clock = new ManualClock();
  rows = [workspace()];
  launches = [];
  counters = { cpu: 0, ram: 10, storage: 20, received: 0, sent: 0 };
  processes = [];
  looked = 0;
  ramMost = 0;
  begin();
});
afterEach(async () => {
  await sampler.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): void {
  sampler = new UsageSampler({
    repository: {
      workspaces: async ({ states } = {}) => rows.filter(({ state }) => states?.includes(state) !== false),
      launches: async () => launches,
    },
    driver: {
      name: "memory",
      usage: {
        homeRoom: async () => undefined,
        sample: async () => {
          looked++;
          return { ...counters, limits: { kills: 0, refusedProcesses: 0, ramMost }, processes };
        },
      },
    } as unknown as UsageSamplerOptions["driver"],
    live: {
      subscribeToAll: (listener) => {
        tell = listener;
        return () => {};
      },
    },
    limits: { measured: async () => {}, notesOf: () => [] },
    ...{ store, clock, log: silentLog },
  });
}

async function lookAfter(ms: number): Promise<UsageSample | undefined> {
  clock.advance(ms);
  await sampler.look();
  return sampler.latest("w");
}

test("tells each sample, and who asks whether it computes gets the kernel's count", async () => {
  const told: UsageSample[] = [];
  const stop = sampler.subscribe((sample) => told.push(sample));
  await lookAfter(5000);
  counters.cpu = 2500;
  await lookAfter(5000);
  expect(told.map(({ cpu }) => cpu)).toEqual([0, 500]);
  expect(sampler.cpuOf(workspace())).toMatchObject({ used: 2500 });
  expect(sampler.cpuOf(workspace({ generation: 2 }))).toBeUndefined();
  stop();
  await lookAfter(5000);
  expect(told.length).toBe(2);
});

test("who asks for the usage of one that has just become ready gets a look at it, and no further one until the next round", async () => {
  counters.cpu = 300;
  expect(await sampler.usageOf(workspace())).toMatchObject({ latest: { ram: 10 }, totals: { cpu_time: 300 } });
  await sampler.usageOf(workspace());
  expect(looked).toBe(1);
  rows = [workspace({ generation: 2 })];
  counters.cpu = 20;
  expect((await sampler.usageOf(workspace({ generation: 2 }))).totals.cpu_time).toBe(320);
  expect(looked).toBe(2);
  rows = [workspace({ state: "suspended" })];
  await sampler.usageOf(workspace({ state: "suspended" }));
  expect(looked).toBe(2);
});

test("counts a launch from its first moment, also before it is told", async () => {
  await lookAfter(5000);
  launches = [{ id: "l-1", application: "shell", state: "starting", startedAt: clock.now() } as LaunchRow];
  processes = [{ id: "1.1", parent: undefined, launch: "l-1", cpu: 700, ram: 5 }];
  counters.cpu = 700;
  await lookAfter(5000);
  tell({ kind: "launch", workspace: "w", at: "" });
  expect((await lookAfter(5000))?.applications).toMatchObject([{ application: "shell", cpu_time: 700 }]);
});

test("learns that a launch ended when it is told, and keeps totals and series over a restart of Guise", async () => {
  await lookAfter(5000);
  launches = [{ id: "l-1", application: "shell", state: "running", startedAt: clock.now() } as LaunchRow];
  processes = [{ id: "1.1", parent: undefined, launch: "l-1", cpu: 100, ram: 5 }];
  counters.cpu = 100;
  expect((await lookAfter(5000))?.applications).toMatchObject([{ application: "shell", launches: 1, ram_peak: 5, running: 5000 }]);
  ramMost = 99;
  for (let count = 0; count < 14; count++) await lookAfter(5000);
  await sampler.stop();
  begin();
  ramMost = 50;
  counters.cpu = 700;
  const sample = await lookAfter(5000);
  expect(sample?.totals.cpu_time).toBe(700);
  expect((await sampler.usageOf(workspace())).ram_most).toBe(99);
  const { series, applications } = await sampler.usageOf(workspace());
  expect(series.length).toBeGreaterThanOrEqual(1);
  expect(series[0]).toMatchObject({ ram: 10, ram_peak: 10, storage: 20 });
  expect(applications[0]?.running).toBeGreaterThan(70_000);
  launches = [{ ...launches[0], state: "exited", endedAt: clock.now() } as LaunchRow];
  processes = [];
  tell({ kind: "launch", workspace: "w", at: "" });
  const { running } = (await lookAfter(5000))?.applications[0] ?? {};
  expect((await lookAfter(5000))?.applications[0]?.running).toBe(running);
});

test("notes what was used day by day, once, over a restart of Guise and a new sandbox", async () => {
  await lookAfter(5000);
  launches = [{ id: "l-1", application: "shell", state: "running", startedAt: clock.now() } as LaunchRow];
  tell({ kind: "launch", workspace: "w", at: "" });
  for (let count = 0; count < 15; count++) await lookAfter(5000);
  const used = () => sampler.days.usedSince("persona_application", 0);
  expect(await used()).toMatchObject([{ persona: "p", application: "shell", launches: 1, people: 1, asked_ram: 20 }]);
  await sampler.stop();
  begin();
  await lookAfter(5000);
  rows = [workspace({ generation: 2 })];
  for (let count = 0; count < 30; count++) await lookAfter(5000);
  const [sum] = await used();
  expect(sum?.launches).toBe(1);
  expect(sum?.running).toBeGreaterThanOrEqual(170_000);
  expect(sum?.running).toBeLessThanOrEqual(230_000);
  const sums = await sampler.days.usedSince("group", 0);
  const days = await sampler.days.usedByDaySince("group", 0);
  expect(sums).toMatchObject([{ group: "g", people: 1, ram_peak: 10, storage_peak: 20, asked_ram: 20 }]);
  expect(days.map(({ running }) => running)).toEqual([sums[0]?.running]);
});

test("looks once more at what is about to end, and shows no present of what has ended", async () => {
  counters.cpu = 1000;
  await lookAfter(5000);
  counters.cpu = 4000;
  rows = [workspace({ state: "releasing" })];
  tell({ kind: "state", workspace: "w", state: "releasing", at: "" });
  await sampler.look();
  rows = [];
  await sampler.look();
  const ended = await sampler.usageOf(workspace({ state: "released" }));
  expect(ended).toMatchObject({ totals: { cpu_time: 4000 } });
  expect(ended.latest).toBeUndefined();
});

test("a sandbox that ended says nothing, and nobody else's sample is missed for it", async () => {
  rows = [workspace({ id: "gone" }), workspace()];
  const sample = async () => {
    looked++;
    if (looked % 2 === 1) throw new CodedError("sandbox_gone", "the sandbox has ended");
    return { ...counters, limits: { kills: 0, refusedProcesses: 0, ramMost }, processes };
  };
  const own = new UsageSampler({
    repository: { workspaces: async () => rows, launches: async () => [] },
    driver: { name: "memory", usage: { homeRoom: async () => undefined, sample } } as unknown as UsageSamplerOptions["driver"],
    live: { subscribeToAll: () => () => {} },
    limits: { measured: async () => {}, notesOf: () => [] },
    ...{ store, clock, log: silentLog },
  });
  await own.look();
  expect(own.latest("gone")).toBeUndefined();
  expect(own.latest("w")).toBeDefined();
  await own.stop();
});
