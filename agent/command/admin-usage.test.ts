import type { UsageOverTime } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandHome } from "../testing/command-home.ts";
import { type FakeBroker, json } from "../testing/fake-broker.ts";

const HOUR = 3_600_000;
const USAGE: UsageOverTime = {
  ...{ since: "2026-11-25", least_people: 5, applications: [], groups: [], left_out: { personas: 2, applications: 0, groups: 0 } },
  personas: [{ name: "data-analyst", people: 6, launches: 0, running: 3 * HOUR, cpu_time: HOUR, ram_peak: 2 ** 30, days: [] }],
  insights: [
    {
      ...{ kind: "unused_application", persona_id: "data-analyst", persona_name: "Data Analyst", version: 1, people: 6 },
      ...{ application: "lab", application_name: "Lab" },
    },
  ],
};
let command: CommandHome;
let broker: FakeBroker;

beforeEach(async () => {
  command = await CommandHome.start();
  broker = command.broker;
  broker.handlers.set("GET /v1/usage", (_seen, response) => json(response, 200, USAGE));
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
});

const guise = (...args: string[]) => command.guise("admin", "usage", ...args);

test("sums are told with what is left out and what stands out; more days than are kept are refused", async () => {
  const { code, out } = await guise("--days", "7");
  expect(code).toBe(0);
  expect(out).toMatch(/data-analyst +6 +0 +3 h +1 h +1 GiB/);
  expect(out).toContain("and 2 that fewer than 5 people used");
  expect(out).toContain("data-analyst: Nobody of 6 people opened Lab in 7 days.");
  expect(JSON.parse((await guise("--json")).out)).toEqual(USAGE);
  expect((await guise("--days", "36")).err).toContain("whole number from 1 to 35");
});
