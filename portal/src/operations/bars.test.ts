import { expect, test } from "vitest";
import { barsOf } from "./bars.ts";

test("each day has its bar, over the end of a month, and the highest is whole", () => {
  const days = [
    { day: "2026-11-30", running: 50 },
    { day: "2026-12-01", running: 200 },
  ];
  expect(barsOf(days, "2026-11-29", 4)).toEqual([
    { day: "2026-11-29", share: 0 },
    { day: "2026-11-30", share: 0.25 },
    { day: "2026-12-01", share: 1 },
    { day: "2026-12-02", share: 0 },
  ]);
  expect(barsOf([], "2026-11-29", 1)).toEqual([{ day: "2026-11-29", share: 0 }]);
});
