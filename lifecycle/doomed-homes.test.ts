import { expect, it, vi } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { HomeRow } from "#repository";
import type { Change } from "#resource-manager";
import { DoomedHomes } from "./doomed-homes.ts";

/** Homes that are to be deleted; `remove` is what the engine does. */
function world(names: readonly string[], remove: (home: string) => Promise<void>) {
  const left = new Set(names);
  const changes: Change[] = [];
  const doomed = new DoomedHomes({
    repository: {
      homes: async () => [...left].map((home) => ({ home }) as HomeRow),
      forgetHome: async (home) => void left.delete(home),
    },
    driver: { removeHome: remove },
    admission: {
      change: async (...told) => void changes.push(...told),
    },
    clock: new ManualClock(),
    log: silentLog,
  });
  return { doomed, left, changes };
}

it("deletes the files, then the row, then gives the room back", async () => {
  const removed: string[] = [];
  const { doomed, left, changes } = world(["h-1"], async (home) => void removed.push(home));
  doomed.wake();
  await vi.waitFor(() => expect(changes).toEqual([{ kind: "released", id: "h-1" }]), { interval: 5 });
  expect([removed, left.size]).toEqual([["h-1"], 0]);
});

it("is held up by no slow removal, and asks for no removal twice", async () => {
  const asked: string[] = [];
  const { doomed, left } = world(["h-slow", "h-2", "h-3"], (home) => {
    asked.push(home);
    return home === "h-slow" ? new Promise(() => {}) : Promise.resolve();
  });
  doomed.wake();
  await vi.waitFor(() => expect([...left]).toEqual(["h-slow"]), { interval: 5 });
  doomed.wake();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(["h-slow", "h-2", "h-3"]);
});

it("tries again what could not be deleted", async () => {
  let broken = true;
  const { doomed, left } = world(["h-1"], async () => {
    if (broken) throw new Error("the engine does not answer");
  });
  doomed.wake();
  await new Promise((resolve) => setImmediate(resolve));
  expect(left.size).toBe(1);
  broken = false;
  doomed.wake();
  await vi.waitFor(() => expect(left.size).toBe(0), { interval: 5 });
});
