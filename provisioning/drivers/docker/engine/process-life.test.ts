import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "#foundation";
import { livingProcess, processesWith, untilEnded } from "./process-life.ts";

test("alive is who has our name and our argument, not who has our pid", async () => {
  const folder = await mkdtemp(join(tmpdir(), "guise-life-"));
  const file = join(folder, "pid");
  const mark = `98765.${process.pid}`;
  const child = spawn("sleep", [mark]);
  await once(child, "spawn");
  await writeFile(file, String(child.pid));
  expect(await livingProcess(file, "sleep", mark)).toBe(child.pid);
  expect(await processesWith("sleep", mark)).toEqual([child.pid]);
  expect(await livingProcess(file, "sleep", "another argument")).toBeUndefined();
  expect(await livingProcess(file, "dockerd", mark)).toBeUndefined();
  const ended = untilEnded(async () => (await livingProcess(file, "sleep", mark)) !== undefined, systemClock, 10_000);
  child.kill("SIGKILL");
  expect(await ended).toBe(true);
  expect(await livingProcess(file, "sleep", mark)).toBeUndefined();
  expect(await livingProcess(join(folder, "absent"), "sleep", mark)).toBeUndefined();
  await rm(folder, { recursive: true });
});
