import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestFile } from "./slowest-files.ts";

/** What came of tests. */
export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: readonly TestFile[];
}

/** What vitest says in its JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly TestFile[];
}

/** One run of vitest. */
export interface TestRun {
  readonly args: readonly string[];
  /** Beside those of the process. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Which projects run one after another, side by side with the others; those with an engine have one in a slot of their own, counted down. */
const SIDE_BY_SIDE = [
  { projects: ["unit", "apart"], slot: 8 },
  { projects: ["acceptance"], slot: 0 },
  { projects: ["driver"], slot: 9 },
] as const;

/**
 * The runs of vitest, of what was given to `npm test`. Tests on an engine wait much and have one process, those beside the code compute: side by
 * side they take half of the time. Which run has those apart only makes all equally long. A run that has chosen its projects is one.
 */
export function testRuns(given: readonly string[], slot = "0"): readonly TestRun[] {
  const more = given.filter((argument) => argument !== "--long");
  if (given.some((argument) => argument.startsWith("--project"))) return [{ args: more, variables: {} }];
  // A name of a file may be of any of them.
  const args = (projects: readonly string[]) => [...projects.map((project) => `--project=${project}`), "--passWithNoTests", ...more];
  if (given.includes("--long")) return [{ args: args(["long"]), variables: {} }];
  return SIDE_BY_SIDE.map(({ projects, slot: own }) => ({
    args: args(projects),
    variables: own === 0 ? {} : { GUISE_TEST_SLOT: String(own - 2 * Number(slot)) },
  }));
}

/** Runs that ended with these exit codes and reports; one that failed without a failed test counts as a failure, and so do no tests at all. */
export function outcomeOf(runs: readonly { readonly exit: number; readonly report: Report | undefined }[]): TestOutcome {
  const sum = (of: (report: Report) => number) => runs.reduce((total, { report }) => total + (report === undefined ? 0 : of(report)), 0);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  const failed = sum(({ numFailedTests }) => numFailedTests);
  const broken = runs.some(({ exit, report }) => exit !== 0 || report === undefined) || passed + failed === 0;
  return {
    passed,
    failed: failed === 0 && broken ? 1 : failed,
    skipped: sum(({ numPendingTests }) => numPendingTests),
    files: runs.flatMap(({ report }) => report?.testResults ?? []),
  };
}

/** Runs vitest; its own counts are read from its JSON report, never from its text. */
export async function runTests(root: string, { args, variables }: TestRun): Promise<{ exit: number; report: Report | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "guise-test-"));
  const file = join(folder, "report.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const exit = await new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  try {
    return { exit, report: JSON.parse(readFileSync(file, "utf8")) as Report };
  } catch {
    return { exit, report: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
