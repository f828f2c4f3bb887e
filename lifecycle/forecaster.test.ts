import type { Estimate, WorkspaceEvent } from "@guise/contract";
import { expect, it } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { RunRow, WorkspaceRow } from "#repository";
import { snapshotOf } from "#resource-manager";
import { Forecaster } from "./forecaster.ts";

const AMOUNTS = { cpu: 1000, ram: 2 ** 30, storage: 0, ingress: 0, egress: 0 };
const CAPACITY = { cpu: 1000, ram: 2 ** 40, storage: 1, ingress: 1, egress: 1 };
const demand = { amounts: AMOUNTS, priority: 200, group: "g", person: "ann", pinned: null };

/** A node with room for one: "a" has it since `age` ms, "b" and "c" wait. */
function world(runs: readonly RunRow[], age: number) {
  const clock = new ManualClock();
  clock.advance(1_000_000);
  const row = (id: string, state: string, admittedAt?: number) =>
    ({ id, persona: "p", state, desired: "ready", admittedAt }) as WorkspaceRow;
  const rows = [row("a", "ready", clock.now() - age), row("b", "queued"), row("c", "queued")];
  const allocations = [{ id: "a", node: "n", amounts: AMOUNTS, priority: 200, group: "g", person: "ann" }];
  const queue = ["b", "c"].map((id, since) => ({ id, since, ...demand }));
  const snapshot = snapshotOf({ nodes: [{ node: "n", capacity: CAPACITY }], allocations, queue, settings: { bypassLimit: 4 } });
  const queued = ["b", "c"].map((id, at) => ({ id, place: at + 1, reason: "waiting_for_room" as const, message: "needs 1 cpu" }));
  const told = Promise.withResolvers<void>();
  const events: Omit<WorkspaceEvent, "at" | "id">[] = [];
  const made = { forecast: told.promise, events, clock, rows };
  const forecaster = new Forecaster({
    repository: {
      stays: async ({ states, ids }) => rows.filter(({ id, state }) => states?.includes(state) ?? ids?.includes(id)),
      runs: async () => runs,
    },
    live: {
      isHeard: () => true,
      publish(event) {
        events.push(event);
        if (event.workspace === "c") told.resolve();
      },
    },
    ...{ clock, log: silentLog },
    account: { snapshot: () => snapshot, queue: () => queued, waiting: (wanted) => queued.find(({ id }) => id === wanted), length: 2 },
    random: () => 0.5,
  });
  return Object.assign(made, { forecaster });
}

const run = (held: number, readyAfter = 1000): RunRow => ({ persona: "p", held, readyAfter });
const exactly = (milliseconds: number, from: number): Estimate => {
  return { ready_in: { low: milliseconds, likely: milliseconds, high: milliseconds }, from };
};

it("expects those that wait when earlier runs say that room is given back, and their own start beside that", async () => {
  const { forecaster, forecast, events, clock, rows } = world([run(60_000), run(60_000), run(60_000)], 20_000);
  const [, b, c] = rows;
  if (b === undefined || c === undefined) throw new Error("nobody waits");
  expect(forecaster.estimateOf(b)).toBeUndefined();
  forecaster.wake();
  clock.advance(0);
  await forecast;
  expect(forecaster.estimateOf(b)).toEqual(exactly(41_000, 3));
  expect(forecaster.estimateOf(c)).toEqual(exactly(101_000, 3));
  expect(events.map(({ kind, workspace, place, estimate }) => [kind, workspace, place, estimate?.ready_in.likely])).toEqual([
    ["queue", "b", 1, 41_000],
    ["queue", "c", 2, 101_000],
  ]);
  clock.advance(11_000);
  expect(forecaster.estimateOf(b)).toEqual(exactly(30_000, 3));
  await forecaster.stop();
});

it("expects one that starts to take what starts took that took longer than it has by now", async () => {
  const { forecaster, forecast, clock } = world([run(60_000, 500), run(60_000, 2000), run(60_000, 2000)], 20_000);
  forecaster.wake();
  clock.advance(0);
  await forecast;
  const starting = { id: "d", persona: "p", state: "provisioning" as const, admittedAt: clock.now() - 800 };
  expect(forecaster.estimateOf(starting)).toEqual(exactly(1200, 3));
  expect(forecaster.estimateOf({ ...starting, persona: "unknown" })).toBeUndefined();
  await forecaster.stop();
});

it("says nothing where fewer than three runs are known", async () => {
  const { forecaster, clock, rows } = world([run(60_000), run(60_000)], 20_000);
  forecaster.wake();
  clock.advance(0);
  await forecaster.stop();
  for (const row of rows) expect(forecaster.estimateOf(row)).toBeUndefined();
});
