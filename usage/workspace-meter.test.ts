import { describe, expect, test } from "vitest";
import type { ProcessUse } from "./application-meter.ts";
import { PointMaker } from "./point-maker.ts";
import { type KeptUsage, type LaunchFacts, type Reading, totalsOf, WorkspaceMeter } from "./workspace-meter.ts";

const reading = (at: number, counters: Partial<Reading["counters"]>, over: Partial<Reading> = {}): Reading => ({
  at,
  counters: { cpu: 0, ram: 0, storage: 0, received: 0, sent: 0, ...counters },
  processes: [],
  launches: [],
  ...over,
});
const shell = (cpu: number, ram = 0): ProcessUse => ({ id: "1.1", parent: undefined, launch: "l-1", cpu, ram });
const launch: LaunchFacts = { id: "l-1", application: "shell", isOpen: true, startedAt: 1000, endedAt: undefined };

describe("a workspace's usage", () => {
  test("is a rate since the sample before, and totals since it was requested", () => {
    const meter = new WorkspaceMeter("w", 1, undefined, 0);
    expect(meter.read(reading(100, { cpu: 300, received: 1000 }))).toMatchObject({
      cpu: 0,
      ingress: 0,
      totals: { cpu_time: 300, received: 1000 },
    });
    expect(meter.read(reading(5100, { cpu: 2800, received: 2000, sent: 500, ram: 7, storage: 9 }))).toMatchObject({
      ...{ cpu: 500, ram: 7, storage: 9, ingress: 1600, egress: 800 },
      totals: { cpu_time: 2800, received: 2000, sent: 500 },
    });
  });

  test("adds up over sandboxes, and goes on over a restart of Guise", () => {
    const first = new WorkspaceMeter("w", 1, undefined, 0);
    first.read(reading(1000, { cpu: 100, sent: 10 }, { processes: [shell(60, 5)], launches: [launch] }));
    const again = new WorkspaceMeter("w", 1, first.kept, 60_000);
    const sample = again.read(reading(61_000, { cpu: 6100, sent: 20 }, { processes: [shell(4060, 3)], launches: [launch] }));
    expect(sample).toMatchObject({ cpu: 100, totals: { cpu_time: 6100, sent: 20 } });
    expect(sample.applications).toEqual([
      { application: "shell", launches: 1, running: 60_000, cpu_time: 4060, cpu: 67, ram: 3, ram_peak: 5 },
    ]);
    const next = new WorkspaceMeter("w", 2, again.kept, 100_000);
    expect(next.read(reading(101_000, { cpu: 50, sent: 1 })).totals).toEqual({ cpu_time: 6150, received: 0, sent: 21 });
    expect(totalsOf(next.kept)).toEqual({ cpu_time: 6150, received: 0, sent: 21 });
  });

  test("takes nobody's word for a launch that is not written down", () => {
    const meter = new WorkspaceMeter("w", 1, undefined, 0);
    const forged = { ...shell(100), launch: "l-another" };
    expect(meter.read(reading(1000, { cpu: 100 }, { processes: [forged] })).applications).toEqual([]);
  });

  test("running time is what lies between the samples, of each launch", () => {
    const meter = new WorkspaceMeter("w", 1, undefined, 0);
    meter.read(reading(5000, {}, { launches: [launch] }));
    const ended: LaunchFacts = { ...launch, isOpen: false, endedAt: 7000 };
    const second: LaunchFacts = { ...launch, id: "l-2", startedAt: 6000 };
    expect(meter.read(reading(10_000, {}, { launches: [ended, second] })).applications[0]).toMatchObject({
      launches: 2,
      running: 4000 + 2000 + 4000,
    });
  });
});

test("points hold means, the highest, and what went over the network in their time", () => {
  const meter = new WorkspaceMeter("w", 1, undefined, 0);
  const maker = new PointMaker(60_000);
  const points = [0, 20, 40, 60, 80].map((second) =>
    maker.add(meter.read(reading(second * 1000, { cpu: second * 100, ram: second, received: second * 10 }))),
  );
  expect(points.filter((point) => point !== undefined)).toEqual([
    { at: new Date(0).toISOString(), covers: 40_000, cpu: 67, ram: 20, ram_peak: 40, storage: 0, received: 400, sent: 0 },
  ]);
  expect(maker.close()).toMatchObject({ at: new Date(60_000).toISOString(), ram_peak: 80, received: 400 });
  expect(maker.close()).toBeUndefined();
});

test("what is kept is data", () => {
  const meter = new WorkspaceMeter("w", 1, undefined, 0);
  meter.read(reading(1000, { cpu: 100 }, { processes: [shell(60)], launches: [launch] }));
  const kept = JSON.parse(JSON.stringify(meter.kept)) as KeptUsage;
  expect(new WorkspaceMeter("w", 1, kept, 0).kept).toMatchObject({ applications: kept.applications, counters: kept.counters });
});
