import type { ApplicationUsage, UsagePoint } from "@guise/contract";
import { expect, test } from "vitest";
import { DayBook, type UsedBy } from "./day-book.ts";

const MINUTE = 60_000;
const demand = { cpu: 1000, ram: 2000, storage: 3000, ingress: 0, egress: 0 };
const ann: UsedBy = { id: "w", owner: "ann", group: "g", persona: "p", version: 1, demand };
const point = (at: string, over: Partial<UsagePoint> = {}): UsagePoint => ({
  ...{ at, covers: MINUTE, cpu: 500, ram: 5, ram_peak: 6, storage: 7, received: 8, sent: 9 },
  ...over,
});
const lab = (launches: number, running: number): ApplicationUsage => ({
  ...{ application: "lab", launches, running, cpu_time: running / 2, cpu: 0, ram: 3, ram_peak: 4 },
});
const short = (book: DayBook) =>
  book.take().map(({ day, application, launches, running, cpu_time, ram_peak }) => ({
    ...{ day: new Date(day).toISOString().slice(0, 10), application, launches, running, cpu_time, ram_peak },
  }));

test("minutes add up by day, applications by what they have grown", () => {
  const book = new DayBook();
  book.note(ann, point("2026-12-01T23:58:00.000Z"), [lab(1, 10)]);
  book.note(ann, point("2026-12-01T23:59:00.000Z", { ram_peak: 20 }), [lab(1, 30)]);
  book.note(ann, point("2026-12-02T00:00:00.000Z"), [lab(2, 50)]);
  expect(short(book)).toEqual([
    { day: "2026-12-01", application: "", launches: 0, running: 2 * MINUTE, cpu_time: MINUTE, ram_peak: 20 },
    { day: "2026-12-01", application: "lab", launches: 1, running: 30, cpu_time: 15, ram_peak: 4 },
    { day: "2026-12-02", application: "", launches: 0, running: MINUTE, cpu_time: MINUTE / 2, ram_peak: 6 },
    { day: "2026-12-02", application: "lab", launches: 1, running: 20, cpu_time: 10, ram_peak: 4 },
  ]);
  expect(book.take()).toEqual([]);
});

test("what was used before is not noted again, also after an end; an application that does nothing leaves no trace", () => {
  const book = new DayBook();
  book.begin("w", [lab(3, 100)]);
  book.note(ann, point("2026-12-01T10:00:00.000Z"), [lab(3, 100)]);
  expect(short(book)).toMatchObject([{ application: "" }]);
  book.note(ann, point("2026-12-01T10:01:00.000Z"), [lab(3, 160)]);
  expect(short(book)).toMatchObject([{ application: "" }, { application: "lab", launches: 0, running: 60 }]);
  expect(book.knows("w")).toBe(true);
  book.end("w");
  expect(book.knows("w")).toBe(false);
});

test("people, groups and versions are told apart, and what was set aside is noted", () => {
  const book = new DayBook();
  for (const by of [ann, { ...ann, owner: "bob" }, { ...ann, version: 2, demand: { ...demand, ram: 9000 } }])
    book.note(by, point("2026-12-01T10:00:00.000Z"), []);
  expect(book.take().map(({ owner, version, asked_ram }) => [owner, version, asked_ram])).toEqual([
    ["ann", 1, 2000],
    ["bob", 1, 2000],
    ["ann", 2, 9000],
  ]);
});
