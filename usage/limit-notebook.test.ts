import type { LimitNote } from "@guise/contract";
import { expect, test } from "vitest";
import { LimitNotebook } from "./limit-notebook.ts";

const note = (seconds: number, over: Partial<LimitNote> = {}): LimitNote => ({
  ...{ limit: "memory", count: 1, message: "m", remedy: "r" },
  at: new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString(),
  ...over,
});

test("writes one note per kind and minute, and counts the rest in it", () => {
  const book = new LimitNotebook();
  expect(book.add(note(0)).isNew).toBe(true);
  expect(book.add(note(30, { limit: "processes" })).isNew).toBe(true);
  const again = book.add(note(59, { count: 2, program: "tail" }));
  expect(again).toMatchObject({ isNew: false, note: { count: 3, program: "tail", at: note(59).at } });
  expect(book.add(note(61)).isNew).toBe(true);
  expect(book.notes.map(({ limit, count }) => `${limit} ${count}`)).toEqual(["memory 1", "memory 3", "processes 1"]);
});

test("keeps ten, and goes on from what was written before", () => {
  const book = new LimitNotebook([note(0)]);
  expect(book.add(note(10)).isNew).toBe(false);
  for (let minute = 1; minute < 20; minute++) book.add(note(60 * minute));
  expect(book.notes.length).toBe(10);
});
