import { expect, test } from "vitest";
import { hasSlept } from "./on-wake.ts";

test.each([
  [2_100, true, false],
  [2_100, false, false],
  // A page that nobody sees is let look once a minute.
  [60_500, false, false],
  [60_500, true, true],
  [600_000, false, true],
])("%i ms after the last look, seen: %s, it slept: %s", (since, isSeen, slept) => {
  expect(hasSlept(since, isSeen)).toBe(slept);
});
