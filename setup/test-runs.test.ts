import { expect, test } from "vitest";
import { outcomeOf, testRuns } from "./test-runs.ts";

const report = (numPassedTests: number, numFailedTests: number, numPendingTests = 0) => ({
  numPassedTests,
  numFailedTests,
  numPendingTests,
  testResults: [{ name: `${numPassedTests}.test.ts`, startTime: 0, endTime: 1 }],
});

test("all tests are three runs side by side, the long ones one, and so is what has chosen its projects", () => {
  const argumentsOf = (given: readonly string[]) => testRuns(given).map(({ args }) => args);
  expect(argumentsOf([]).map(([project]) => project)).toEqual(["--project=unit", "--project=acceptance", "--project=driver"]);
  expect(argumentsOf([])[0]).toEqual(["--project=unit", "--project=apart", "--passWithNoTests"]);
  expect(argumentsOf(["--long", "-t", "x"])).toEqual([["--project=long", "--passWithNoTests", "-t", "x"]]);
  expect(argumentsOf(["--project=unit", "a.test.ts"])).toEqual([["--project=unit", "a.test.ts"]]);
});

test("what brings up engines beside another run has a slot of its own", () => {
  expect(testRuns([], "1").map(({ variables }) => variables.GUISE_TEST_SLOT)).toEqual(["6", undefined, "7"]);
});

test("what came of two runs is added up", () => {
  const outcome = outcomeOf([
    { exit: 0, report: report(7, 0, 1) },
    { exit: 1, report: report(3, 2) },
  ]);
  expect(outcome).toMatchObject({ passed: 10, failed: 2, skipped: 1 });
  expect(outcome.files.map(({ name }) => name)).toEqual(["7.test.ts", "3.test.ts"]);
});

test.each([
  ["ended badly without a failed test", [{ exit: 1, report: report(7, 0) }]],
  [
    "left no report",
    [
      { exit: 0, report: report(7, 0) },
      { exit: 0, report: undefined },
    ],
  ],
  ["found no test", [{ exit: 0, report: report(0, 0) }]],
])("a run that %s is a failure", (_, runs) => {
  expect(outcomeOf(runs).failed).toBe(1);
});
