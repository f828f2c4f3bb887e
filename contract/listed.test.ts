import { expect, test } from "vitest";
import { listed } from "./listed.ts";

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
])("%j reads as %j", (parts, text) => {
  expect(listed(parts)).toBe(text);
});
