import { expect, test } from "vitest";
import { parseStat } from "./sandbox-processes.ts";

test("a process's account is read behind its name, whatever that is", () => {
  const line = "42 (a) b) R 1 0) R 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 98765 1000000 250 18446744073709551615";
  expect(parseStat(line)).toEqual({ parent: "7", session: "42", cpu: 1100, born: "98765" });
  expect(parseStat("")).toBeUndefined();
});
