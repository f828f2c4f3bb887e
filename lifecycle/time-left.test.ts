import { expect, test } from "vitest";
import { timeLeft } from "./time-left.ts";

test.each([
  ["it begins", { expected: 60_000, elapsed: 0, from: 10, percent: 10 }, 60_000],
  ["it goes as expected", { expected: 60_000, elapsed: 30_000, from: 10, percent: 55 }, 30_000],
  ["it goes half as fast", { expected: 60_000, elapsed: 60_000, from: 0, percent: 50 }, 45_000],
  ["it is nearly done, late", { expected: 10_000, elapsed: 90_000, from: 0, percent: 90 }, 9_100],
  ["it is done", { expected: 60_000, elapsed: 70_000, from: 10, percent: 100 }, 0],
  ["its percentage is behind where it began", { expected: 60_000, elapsed: 1_000, from: 10, percent: 5 }, 60_000],
  ["it began at its end", { expected: 5_000, elapsed: 0, from: 100, percent: 100 }, 0],
])("when %s", (_, going, expected) => {
  expect(timeLeft(going)).toBe(expected);
});
