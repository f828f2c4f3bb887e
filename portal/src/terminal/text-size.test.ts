import { expect, test } from "vitest";
import { LEAST_SIZE, MOST_SIZE, sizeAfter, sizeOf, USUAL_SIZE } from "./text-size.ts";

test("goes up and down by one, stays within its bounds, and comes back", () => {
  expect([sizeAfter(14, "larger"), sizeAfter(14, "smaller"), sizeAfter(22, "usual")]).toEqual([15, 13, USUAL_SIZE]);
  expect([sizeAfter(MOST_SIZE, "larger"), sizeAfter(LEAST_SIZE, "smaller")]).toEqual([MOST_SIZE, LEAST_SIZE]);
});

test.each([
  [null, USUAL_SIZE],
  ["20", 20],
  ["", USUAL_SIZE],
  ["7", USUAL_SIZE],
  ["33", USUAL_SIZE],
  ["12.5", USUAL_SIZE],
  ["large", USUAL_SIZE],
])("kept as %o it is %i", (kept, size) => expect(sizeOf(kept)).toBe(size));
