import { expect, test } from "vitest";
import { freeRange, heldRange, overlaps, parseRanges } from "./remap-range.ts";

test("reads shadow's lists and passes over broken lines", () => {
  expect(parseRanges("a:100000:65536\n\n# no\nb:x:1\nc:1:2\n")).toEqual([
    { user: "a", first: 100000, length: 65536 },
    { user: "c", first: 1, length: 2 },
  ]);
});

test("a range counts as held only when both lists have it", () => {
  const range = parseRanges("g:1900000000:1000000");
  expect(heldRange("g", range, range)).toBe(1900000000);
  expect(heldRange("g", range, [])).toBeUndefined();
  expect(heldRange("g", range, parseRanges("g:1901000000:1000000"))).toBeUndefined();
  expect(heldRange("other", range, range)).toBeUndefined();
});

test("two installations never get the same ids", () => {
  const first = freeRange("one", []);
  const second = freeRange("two", [{ user: "one", first, length: 1_000_000 }]);
  expect(overlaps(second, "two", [{ user: "one", first, length: 1_000_000 }])).toBe(false);
  expect(second).not.toBe(first);
});

test("one foreign id in the middle moves the range on", () => {
  expect(freeRange("g", [{ user: "account x", first: 1900500000, length: 1 }])).toBe(1901000000);
});

test("own ids are not in one's own way", () => {
  expect(overlaps(1900000000, "g", [{ user: "g", first: 1900000000, length: 1_000_000 }])).toBe(false);
});
