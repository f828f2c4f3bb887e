import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { exitCodeOf } from "./engine-calls.ts";

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

/** An engine that has taken note of the end after so many questions. */
function ending(after: number) {
  let asked = 0;
  const inspect = async () => (++asked > after ? { Running: false, ExitCode: 7 } : { Running: true, ExitCode: null });
  return { exec: { inspect } as never, asked: () => asked };
}

test("a program's end that the engine has not taken note of yet is asked for again, and is no failure", async () => {
  const clock = new ManualClock();
  const { exec, asked } = ending(3);
  const code = exitCodeOf(exec, clock);
  for (let look = 0; look < 3; look++) {
    await turns();
    clock.advance(1_000);
  }
  expect([await code, asked()]).toEqual([7, 4]);
});

test("one that goes on without its streams is waited for no longer than half a minute", async () => {
  const clock = new ManualClock();
  const { exec, asked } = ending(Number.POSITIVE_INFINITY);
  const code = exitCodeOf(exec, clock);
  for (let look = 0; look < 40; look++) {
    await turns();
    clock.advance(1_000);
  }
  expect(await code).toBeNull();
  expect(asked()).toBe(36);
});
