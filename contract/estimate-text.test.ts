import { expect, it } from "vitest";
import { estimateText } from "./estimate-text.ts";

it.each([
  [0.2, 0.4, 0.9, "about 1 s"],
  [2, 3.4, 9, "about 3 s (2 to 9 s)"],
  [12, 31, 200, "about 30 s (10 s to 3 min)"],
  [61, 185, 480, "about 3 min (1 to 8 min)"],
  [3000, 7000, 9100, "about 2 h (50 min to 2.5 h)"],
])("%d, %d, %d s reads %4$s", (low, likely, high, text) => {
  expect(estimateText({ ready_in: { low: low * 1000, likely: likely * 1000, high: high * 1000 }, from: 7 })).toBe(text);
});
