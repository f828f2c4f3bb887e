import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DatabaseThread, databaseWorker } from "./database-thread.ts";
import type { Task } from "./protocol.ts";

const OPTIONS = { folder: "/the/folder", onCommit: () => undefined };
const WRITE: Task = { kind: "write", statements: [{ sql: "DELETE FROM leases", parameters: [], rule: "any" }] };
const READ: Task = { kind: "read", statements: [{ sql: "SELECT 1 AS one", parameters: [] }] };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-thread-"));
  chmodSync(folder, 0o700);
});
afterEach(() => rmSync(folder, { recursive: true }));

function realWorker(): Worker {
  return databaseWorker({ path: join(folder, "guise.db"), installation: "i-1", unclean: false, now: 0 });
}

/** Opens at once, and answers every batch with one fault of SQLite. */
function failingWorker(code: number): Worker {
  const source = `
    const { parentPort } = require("node:worker_threads");
    const fault = { code: ${code}, message: "made up" };
    parentPort.on("message", (request) => parentPort.postMessage(request.kind !== "batch" ? { kind: "done" }
      : { kind: "batch", batch: { committed: 0, answers: request.tasks.map(() => ({ outcome: "fault", fault })) } }));
    parentPort.postMessage({ kind: "open", warnings: [] });`;
  return new Worker(source, { eval: true });
}

it("says that it failed when its thread ends, to those who wait and to those who come", async () => {
  const worker = realWorker();
  const { thread } = await DatabaseThread.start(worker, OPTIONS);
  const waiting = [thread.run(WRITE), thread.run(READ)].map((asked) => expect(asked).rejects.toMatchObject({ code: "database_failed" }));
  await worker.terminate();
  await Promise.all(waiting);
  await expect(thread.run(READ)).rejects.toMatchObject({ code: "database_failed" });
  await expect(thread.backup(join(folder, "copy"))).rejects.toMatchObject({ code: "database_failed" });
  await thread.close();
});

it.each([
  [13, "database_full"],
  [4874, "database_full"],
  [11, "database_damaged"],
  [26, "database_damaged"],
  [5, "database_locked"],
  [778, "database_failed"],
  [2067, "exists"],
  [787, "not_found"],
])("tells fault %i of SQLite as %s", async (code, expected) => {
  const { thread } = await DatabaseThread.start(failingWorker(code), OPTIONS);
  await expect(thread.run(READ)).rejects.toMatchObject({ code: expected, detail: { sqlite: code } });
  await thread.close();
});

it("acknowledges nothing more after a failed sync", async () => {
  const { thread } = await DatabaseThread.start(failingWorker(1034), OPTIONS);
  const first = await thread.run(WRITE).catch((error: unknown) => error);
  expect(first).toMatchObject({ code: "database_failed" });
  expect(await thread.run(READ).catch((error: unknown) => error)).toBe(first);
  await thread.close();
});

it("sends what comes while one batch is under way as the next", async () => {
  const commits: number[] = [];
  const { thread } = await DatabaseThread.start(realWorker(), { folder, onCommit: (writes) => commits.push(writes) });
  await Promise.all(Array.from({ length: 300 }, () => thread.run(WRITE)));
  expect(commits).toEqual([256, 44]);
  await thread.run(WRITE);
  expect(commits).toEqual([256, 44, 1]);
  await thread.close();
});
