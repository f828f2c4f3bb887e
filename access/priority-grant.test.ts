import { expect, test } from "vitest";
import { lowerPriority, priorityGrantOf } from "./priority-grant.ts";

const granted = [
  { group: "a", priority: "normal" },
  { group: "b", priority: "urgent" },
  { group: "c", priority: "nonsense" },
];

test("the grant is the highest of the person's own groups", () => {
  expect(priorityGrantOf(["a"], granted)).toBe("normal");
  expect(priorityGrantOf(["a", "b"], granted)).toBe("urgent");
  expect(priorityGrantOf(["c"], granted)).toBe("low");
  expect(priorityGrantOf([], granted)).toBe("low");
});

test("the lower priority of two", () => {
  expect(lowerPriority("high", "normal")).toBe("normal");
  expect(lowerPriority("low", "urgent")).toBe("low");
});
