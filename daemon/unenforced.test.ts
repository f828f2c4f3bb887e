import { expect, test } from "vitest";
import { createMemoryDriver } from "#drivers/memory";
import { ManualClock, silentLog } from "#foundation";
import { unenforcedBy } from "./unenforced.ts";

const clock = new ManualClock();

test("an engine is taken at its word", async () => {
  expect(await unenforcedBy(createMemoryDriver({ clock }), silentLog)).toEqual([]);
  expect(await unenforcedBy(createMemoryDriver({ clock, enforces: { storage: false, processes: false } }), silentLog)).toEqual([
    "storage",
    "processes",
  ]);
});

test("an engine that does not answer says nothing", async () => {
  expect(await unenforcedBy({ capabilities: () => Promise.reject(new Error("down")) }, silentLog)).toEqual([]);
});
