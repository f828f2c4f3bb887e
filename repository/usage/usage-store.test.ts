import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UsagePoint } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "#foundation";
import type { DayUse } from "./usage-days.ts";
import { openUsageStore, type UsageStore } from "./usage-store.ts";

const MINUTE = 60_000;
let folder: string;
let store: UsageStore;
const open = () => openUsageStore({ folder: join(folder, "usage"), log: silentLog });
const point = (minute: number): UsagePoint => ({
  at: new Date(minute * MINUTE).toISOString(),
  ...{ covers: MINUTE, cpu: 5, ram: 6, ram_peak: 7, storage: 8, received: 9, sent: 10 },
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "guise-usage-"));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("series and what is kept are there after a restart, and old ones are forgotten", async () => {
  await store.save(
    [1, 2, 3].map((minute) => ({ workspace: "w", length: MINUTE, point: point(minute) })),
    [{ workspace: "w", at: 3 * MINUTE, data: { generation: 2 } }],
  );
  await store.close();
  store = await open();
  expect(await store.points("w", MINUTE, 2 * MINUTE)).toEqual([point(2), point(3)]);
  expect(await store.points("w", 15 * MINUTE, 0)).toEqual([]);
  expect(await store.kept("w")).toEqual({ generation: 2 });
  expect(await store.kept("x")).toBeUndefined();
  await store.forget(MINUTE, 3 * MINUTE);
  expect(await store.points("w", MINUTE, 0)).toEqual([point(3)]);
  await store.forgetKept(4 * MINUTE);
  expect(await store.kept("w")).toBeUndefined();
  expect(statSync(join(folder, "usage", "usage.db")).mode & 0o777).toBe(0o600);
});

test("days add up over saves and people, by persona, version, group and application, and old ones are forgotten", async () => {
  const DAY = 24 * 60 * MINUTE;
  const use = (over: Partial<DayUse>): DayUse => ({
    ...{ day: DAY, persona: "p", version: 1, group: "g", owner: "ann", application: "", launches: 0, running: 10, cpu_time: 4 },
    ...{ cpu_peak: 5, ram_peak: 6, storage_peak: 7, asked_cpu: 100, asked_ram: 200, asked_storage: 300 },
    ...over,
  });
  await store.save([], [], [use({}), use({ owner: "bob", group: "h", ram_peak: 9 }), use({ application: "lab", launches: 1, running: 3 })]);
  await store.save([], [], [use({ ram_peak: 2 }), use({ day: 2 * DAY, version: 2 }), use({ application: "lab", launches: 2, running: 4 })]);
  expect(await store.sums("persona", DAY)).toMatchObject([
    { persona: "p", people: 2, running: 40, cpu_time: 16, ram_peak: 9, asked_ram: 200 },
  ]);
  expect(await store.sums("version", 0)).toMatchObject([
    { version: 1, people: 2, running: 30 },
    { version: 2, people: 1, running: 10 },
  ]);
  expect(await store.sums("group", 0)).toMatchObject([
    { group: "g", running: 30 },
    { group: "h", running: 10, people: 1 },
  ]);
  expect(await store.sums("application", 0)).toMatchObject([{ application: "lab", launches: 3, running: 7, people: 1 }]);
  expect(await store.sums("persona_application", 2 * DAY)).toEqual([]);
  expect(await store.daySums("persona", 0)).toEqual([
    { persona: "p", day: DAY, running: 30 },
    { persona: "p", day: 2 * DAY, running: 10 },
  ]);
  await store.forgetDays(2 * DAY);
  expect(await store.sums("persona", 0)).toMatchObject([{ people: 1, running: 10 }]);
});

test("a point that is written twice is there once", async () => {
  const saved = { workspace: "w", length: MINUTE, point: point(1) };
  await store.save([saved, saved], []);
  expect((await store.points("w", MINUTE, 0)).length).toBe(1);
});

test("a damaged file is put aside, and usage begins anew", async () => {
  await store.close();
  const path = join(folder, "usage", "usage.db");
  writeFileSync(path, "this is no database at all, and longer than its header would be. ".repeat(100));
  store = await open();
  await store.save([], [{ workspace: "w", at: 1, data: 1 }]);
  expect(await store.kept("w")).toBe(1);
  expect(readdirSync(join(folder, "usage")).some((name) => name.startsWith("usage.db.damaged-"))).toBe(true);
});
