import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { MemoryChannel } from "./memory-channel.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const channel = new MemoryChannel({ files: new Map(), program: () => undefined });

async function ended(): Promise<WeakRef<object>> {
  const process = await channel.open("true", { terminal: {} });
  process.signal("TERM");
  expect((await process.exited).exit).toBe(143);
  return new WeakRef(process);
}

test("a channel holds nothing of processes that have ended", async () => {
  const processes = await Promise.all(Array.from({ length: 20 }, ended));
  // What has ended is let go of behind the present turn.
  await turn();
  collectGarbage();
  expect(processes.filter((each) => each.deref() !== undefined)).toEqual([]);
});

test("what runs ends with its channel", async () => {
  const process = await channel.open(null);
  channel.close();
  expect((await process.exited).exit).toBe(255);
});
