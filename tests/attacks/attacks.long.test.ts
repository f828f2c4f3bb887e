import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { TEST_SLOT } from "#drivers/docker/test-slot";

/**
 * The list of attacks, from outside against a Guise on a real engine.
 * Slow: base images are made the first time; some hundred attempts, a few of which measure for seconds.
 */
test("no attempt of the list gets anywhere, and none is left out", async () => {
  const order = ["--engine", "own", "--home", `${TEST_SLOT.home}-attacked`];
  const attacker = spawn(process.execPath, [join(import.meta.dirname, "run.ts"), ...order], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(attacker, "exit");
  const said = await text(attacker.stdout);
  process.stdout.write(said);
  expect((await ended)[0]).toBe(0);
  expect(said.split("\n").filter((line) => /^(NOT|not tried)/.test(line))).toEqual([]);
  expect(said).toMatch(/\n[1-9]\d+ refused or held, 0 NOT, 0 not tried\n$/);
});
