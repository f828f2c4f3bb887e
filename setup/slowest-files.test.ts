import { expect, test } from "vitest";
import { slowestFiles } from "./slowest-files.ts";

const file = (name: string, seconds: number) => ({ name: `/guise/${name}`, startTime: 1000, endTime: 1000 + seconds * 1000 });

test("the ten slowest are told, the slowest first", () => {
  const files = Array.from({ length: 12 }, (_, index) => file(`${index}.test.ts`, index));
  const told = slowestFiles(files, "/guise");
  expect(told).toHaveLength(10);
  expect(told.at(0)).toBe("   11.0 s  11.test.ts");
  expect(told.at(-1)).toBe("    2.0 s  2.test.ts");
});

test.each([
  ["/** Everything.\n * Slow: a base image is made. */", "a base image is made."],
  ["/** Slow: a base image is made. */", "a base image is made."],
  ["/** Everything. */", "its head does not say why"],
])("what takes more than a minute says why: %j", (head, reason) => {
  expect(slowestFiles([file("a.test.ts", 61)], "/guise", () => head)).toEqual([`   61.0 s  a.test.ts: ${reason}`]);
});
