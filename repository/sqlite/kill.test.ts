import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog, systemClock } from "#foundation";
import { openSqliteRepository } from "./open-sqlite-repository.ts";

/**
 * A process that writes is killed, again and again, and the database is opened anew.
 * Slow: where the disk is busy each of its writes waits, and twenty processes start beside the other tests.
 */
const ROUNDS = 20;
const SCRIPT = new URL("./writing-process.ts", import.meta.url).pathname;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-kill-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lets a process write until it has acknowledged `atLeast`, kills it there, and gives what it acknowledged in all. */
async function acknowledgedUntilKilled(atLeast: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [SCRIPT, folder, "write"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    if (text.split("\n").length > atLeast) child.kill("SIGKILL");
  });
  const [, signal] = await ended;
  expect(signal).toBe("SIGKILL");
  return text.split("\n").slice(0, -1);
}

it(`kill -9 loses nothing that was acknowledged (${ROUNDS} rounds)`, { timeout: 300_000 }, async () => {
  let seen = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await acknowledgedUntilKilled(1 + ((round * 37) % 150));
    const repository = await openSqliteRepository({ folder, installation: "i-1", clock: systemClock, log: silentLog });
    const rows = await repository.auditEntries(seen, 1_000_000);
    await repository.close();
    const stored = new Set(rows.map(({ target }) => target));
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
    seen += rows.length;
  }
});
