import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { ProvisioningError, quietBuild } from "#provisioning";
import { BuildWatch, LONGEST_BUILD, LONGEST_SILENCE } from "./build-watch.ts";

const turn = () => new Promise(setImmediate);
const full = new ProvisioningError("disk_full", "the disk is full");

function watched() {
  const clock = new ManualClock();
  let isFull = false;
  const outer = new AbortController();
  const watch = new BuildWatch({
    clock,
    report: quietBuild,
    signal: outer.signal,
    requireDisk: async () => {
      if (isFull) throw full;
    },
  });
  const pass = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 2_000) {
      clock.advance(Math.min(left, 2_000));
      await turn();
    }
  };
  return { watch, outer, pass, fill: () => (isFull = true) };
}

test("a build that goes on talking goes on", async () => {
  const { watch, pass } = watched();
  for (let i = 0; i < 4; i++) {
    await pass(LONGEST_SILENCE - 4_000);
    if (i % 2 === 0) watch.report.log("still here");
    else watch.report.progress("still here", 1);
  }
  expect([watch.signal.aborted, watch.end()]).toEqual([false, undefined]);
});

test.each([
  ["says nothing", LONGEST_SILENCE, () => {}, { code: "image_build_failed", message: expect.stringContaining("said nothing") }],
  ["does not end", LONGEST_BUILD, (log: () => void) => log(), { code: "image_build_failed", message: expect.stringContaining("not done") }],
])("one that %s is called off, and it is said why", async (_what, after, talk, failure) => {
  const { watch, pass } = watched();
  for (let passed = 0; passed < after; passed += 60_000) {
    talk(() => watch.report.log("x"));
    await pass(60_000);
  }
  expect(watch.signal.aborted).toBe(true);
  expect(watch.end()).toMatchObject(failure);
});

test("one that fills the disk is called off as that, and one that its caller cancels for no reason of ours", async () => {
  const { watch, pass, fill } = watched();
  fill();
  await pass(2_000);
  expect([watch.signal.aborted, watch.end()]).toEqual([true, full]);
  const other = watched();
  other.outer.abort();
  expect([other.watch.signal.aborted, other.watch.end()]).toEqual([true, undefined]);
});
