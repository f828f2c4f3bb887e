import { afterEach, beforeEach, expect, test } from "vitest";
import type { UsageSum } from "#repository";
import { openWorld, type World } from "./test-world.ts";

const HOUR = 3_600_000;
let world: World;
let olga: string;

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  olga = await world.account("olga", ["operator"]);
});
afterEach(() => world.close());

const sum = (over: Partial<UsageSum>): UsageSum => ({
  ...{ people: 5, launches: 0, running: 20 * HOUR, cpu_time: 7, cpu_peak: 500, ram_peak: 2 ** 20, storage_peak: 60 * 2 ** 20 },
  ...{ asked_cpu: 0, asked_ram: 0, asked_storage: 0 },
  ...over,
});
const read = (query = "", token = olga) => world.ask("GET", `/v1/usage${query}`, { token });

test("what enough people used is told with its days and insights; of fewer it is only told how many things there are", async () => {
  world.usage.used = {
    persona: [sum({ persona: "tester" }), sum({ persona: "secret", people: 4 })],
    version: [sum({ persona: "tester", version: 1 })],
    group: [sum({ group: "analytics", people: 1 })],
  };
  world.usage.usedByDay = {
    persona: [
      { persona: "tester", day: Date.parse("2026-12-01"), running: 5 },
      { persona: "secret", day: Date.parse("2026-12-01"), running: 6 },
    ],
  };
  const { status, body, text } = await read();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    least_people: 5,
    personas: [{ name: "tester", people: 5, running: 20 * HOUR, days: [{ day: "2026-12-01", running: 5 }] }],
    applications: [],
    groups: [],
    left_out: { personas: 1, applications: 0, groups: 1 },
    insights: [{ kind: "more_than_used", persona_id: "tester", dimension: "ram", asked: 256 * 2 ** 20, suggested: 128 * 2 ** 20 }],
  });
  expect(text).not.toMatch(/secret|analytics/);
});

test("days are counted with today, and no more are asked for than are kept", async () => {
  world.clock.advance(HOUR / 12);
  const today = new Date(world.clock.now()).toISOString().slice(0, 10);
  expect((await read("?days=1")).body.since).toBe(today);
  expect((await read("?days=36")).body.code).toBe("invalid");
});

test("nobody but operators is told", async () => {
  for (const role of ["user", "author", "auditor"] as const)
    expect((await read("", await world.account(`only-${role}`, [role]))).body.code).toBe("not_permitted");
});
