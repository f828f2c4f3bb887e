import { expect, test } from "vitest";
import { CHECK_OUTPUT } from "./check-limits.ts";
import type { PersonaCheck } from "./check-schema.ts";
import { checksIn, faultOfCheck, nameOfCheck, timeOfCheck } from "./checks.ts";

const seen = (change: object = {}) => ({ exit: 0, stdout: "", stderr: "", ...change });

test.each<[PersonaCheck["expect"], object, string | undefined]>([
  [{}, {}, undefined],
  [{}, { exit: 1, stderr: "no such file\n" }, "expected exit 0, seen 1: no such file"],
  [{ exit: 3 }, { exit: 3 }, undefined],
  [{ exit: 3 }, {}, "expected exit 3, seen 0"],
  [{ stdout: "1" }, { stdout: "1\n" }, undefined],
  [{ stdout: "1\n" }, { stdout: "1" }, undefined],
  [{ stdout: "1" }, { stdout: "1\n\n" }, 'expected "1", seen "1 "'],
  [{ stdout: "1" }, { stdout: " 1" }, 'expected "1", seen " 1"'],
  [{ stdout: "" }, { stdout: "x" }, 'expected "", seen "x"'],
  [{ stdout: "1" }, { stdout: "1", exit: 2 }, "expected exit 0, seen 2: 1"],
  [{}, { exit: undefined }, "it did not end within 1 min"],
  [{}, { isTooLong: true }, `it wrote more than ${CHECK_OUTPUT / 1024} KiB`],
])("that expects %j and does %j", (expected, did, fault) => {
  expect(faultOfCheck({ run: "x", expect: expected }, seen(did))).toBe(fault);
});

test("what is shown of it is short, and nothing that a terminal obeys", () => {
  const fault = faultOfCheck({ run: "x", expect: { stdout: "1" } }, seen({ stdout: `\u001b[2J${"y".repeat(5_000)}` })) ?? "";
  expect(fault.length).toBeLessThan(700);
  expect([fault, nameOfCheck({ run: "printf '\u001b[2J'\nls" })].join()).not.toContain("\u001b");
});

test("it has the time that it says, or a minute", () => {
  expect([timeOfCheck({}), timeOfCheck({ within: "90s" }), timeOfCheck({ within: "2h" })]).toEqual([60_000, 90_000, 600_000]);
});

test("an environment has its own, or those of the persona", () => {
  const check = { run: "a", expect: {} };
  const other = { run: "b", expect: {} };
  const persona = { checks: [check], environments: { staging: { checks: [other] }, none: { checks: null }, plain: {} } };
  expect(["staging", "none", "plain", "elsewhere"].map((environment) => checksIn(persona, environment))).toEqual([
    [other],
    [],
    [check],
    [check],
  ]);
});
