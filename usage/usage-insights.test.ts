import { expect, test } from "vitest";
import type { UsageSum } from "#repository";
import { type OfferedVersion, type UseToJudge, usageInsights } from "./usage-insights.ts";

const HOUR = 3_600_000;
const MIB = 2 ** 20;
const sum = (over: Partial<UsageSum>): UsageSum => ({
  ...{ people: 5, launches: 0, running: 20 * HOUR, cpu_time: 0, cpu_peak: 900, ram_peak: 600 * MIB, storage_peak: 600 * MIB },
  ...{ asked_cpu: 0, asked_ram: 0, asked_storage: 0 },
  ...over,
});
const offered: OfferedVersion = {
  ...{ persona: "p", name: "Persona", version: 2, publishedAt: 0 },
  applications: [
    { application: "lab", name: "Lab", kind: "web" },
    { application: "sheet", name: "Sheet", kind: "desktop" },
    { application: "git", name: "Git", kind: "command" },
    { application: "vim", name: "Vim", kind: "terminal" },
  ],
  demand: { cpu: 1000, ram: 1024 * MIB, storage: 1024 * MIB },
};
const judged = (version: Partial<UsageSum>, over: Partial<UseToJudge> = {}, of: Partial<OfferedVersion> = {}) =>
  usageInsights([{ ...offered, ...of }], {
    ...{ since: 1, leastPeople: 5, versions: [sum({ persona: "p", version: 2, ...version })] },
    applications: ["lab", "sheet"].map((application) => sum({ persona: "p", application, launches: 1 })),
    ...over,
  });

test("what fits, and what too few people used, gives no insight", () => {
  expect(judged({})).toEqual([]);
  expect(judged({ people: 4, ram_peak: 1 })).toEqual([]);
  expect(judged({ version: 1, ram_peak: 1 })).toEqual([]);
});

test("windows and pages that nobody launched are named, once they were there all the time; programs of the shell never", () => {
  const applications = [sum({ persona: "p", application: "lab" }), sum({ persona: "other", application: "sheet" })];
  const of = { persona_id: "p", persona_name: "Persona", version: 2, people: 5 };
  expect(judged({}, { applications })).toEqual([{ kind: "unused_application", ...of, application: "sheet", application_name: "Sheet" }]);
  expect(judged({}, { applications }, { imageBytes: 7 })).toMatchObject([{ application: "sheet", image_bytes: 7 }]);
  expect(judged({}, { applications }, { publishedAt: 2 })).toEqual([]);
});

test("sizes far from use are named with what would do, when there was time to tell", () => {
  const short = (version: Partial<UsageSum>) =>
    judged(version).map((insight) => ("dimension" in insight ? [insight.kind, insight.dimension, insight.suggested] : []));
  expect(short({ ram_peak: 100 * MIB })).toEqual([["more_than_used", "ram", 256 * MIB]]);
  expect(short({ cpu_peak: 0 })).toEqual([["more_than_used", "cpu", 100]]);
  expect(short({ ram_peak: 1024 * MIB, cpu_peak: 1000 })).toEqual([["nearly_all_used", "ram", 1536 * MIB]]);
  expect(short({ storage_peak: 409 * MIB })).toEqual([["more_than_used", "storage", 640 * MIB]]);
  expect(short({ ram_peak: 100 * MIB, running: HOUR })).toEqual([]);
});
