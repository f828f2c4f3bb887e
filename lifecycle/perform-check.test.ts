import { CHECK_OUTPUT } from "@guise/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import type { Channel } from "#provisioning";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { performCheck } from "./perform-check.ts";

describe.skipIf(!canLookAlike())("a check in a sandbox", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const clock = new ManualClock();
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });
  const performed = (run: string, signal = new AbortController().signal) => performCheck(channel, { run, expect: {} }, clock, signal);

  test("is shell text, whose exit code and output are seen, with nothing to read", async () => {
    expect(await performed("cat; echo one; echo two >&2; exit 3")).toEqual({ exit: 3, stdout: "one\n", stderr: "two\n", isTooLong: false });
  });

  test("is ended when its time is over", async () => {
    const seen = performed("echo begun; exec sleep 1000");
    await expect.poll(() => clock.untilNext()).toBeDefined();
    clock.advance(60_000);
    expect((await seen).exit).toBeUndefined();
  });

  test("that writes without end is ended, and no more than the bound is kept", async () => {
    const seen = await performed("yes");
    expect([seen.isTooLong, seen.stdout.length <= CHECK_OUTPUT]).toEqual([true, true]);
  });

  test("is left when Guise stops", async () => {
    const stopping = new AbortController();
    const seen = performed("sleep 1000", stopping.signal);
    await expect.poll(() => clock.untilNext()).toBeDefined();
    stopping.abort(new Error("Guise is stopping"));
    await expect(seen).rejects.toThrow("Guise is stopping");
    expect(clock.untilNext()).toBeUndefined();
  });
});
