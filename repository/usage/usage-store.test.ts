import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UsagePoint } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "#foundation";
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
