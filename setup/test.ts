/** `npm test`: brings what the tests need, runs all of them but the long ones (`--long`: those alone), and ends with one line `N passed, N failed`. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bringDevelopmentNeeds } from "./development-needs.ts";
import { ProgressLines } from "./progress-lines.ts";
import { slowestFiles, type TestFile } from "./slowest-files.ts";

const ROOT = dirname(import.meta.dirname);
const lines = new ProgressLines(process.stdout);

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly TestFile[];
}

/** Runs vitest; its own counts are read from its JSON report, never from its text. */
async function runTests(args: readonly string[]): Promise<{ exit: number; report: Report | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "guise-test-"));
  const file = join(folder, "report.json");
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args], {
    cwd: ROOT,
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

const began = Date.now();
await bringDevelopmentNeeds(ROOT, lines);
const given = process.argv.slice(2);
const projects = given.includes("--long") ? ["long"] : ["unit", "engine"];
const chosen = given.some((argument) => argument.startsWith("--project")) ? [] : projects.map((name) => `--project=${name}`);
const { exit, report } = await runTests([...chosen, ...given.filter((argument) => argument !== "--long")]);
for (const line of slowestFiles(report?.testResults ?? [], ROOT)) lines.done(line);
lines.done(`tests took ${Math.round((Date.now() - began) / 1000)} s`);
const skipped = report === undefined || report.numPendingTests === 0 ? "" : `, ${report.numPendingTests} skipped`;
lines.done(`${report?.numPassedTests ?? 0} passed, ${Math.max(report?.numFailedTests ?? 1, exit === 0 ? 0 : 1)} failed${skipped}`);
process.exitCode = exit;
