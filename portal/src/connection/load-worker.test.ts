import { expect, test } from "vitest";
import { loadWorker } from "./load-worker.ts";

/** A worker as far as its coming goes: `comes` says whether its program does. */
function worker(comes: boolean, ended: () => void): Worker {
  const made = Object.assign(new EventTarget(), { terminate: ended }) as unknown as Worker;
  queueMicrotask(() => made.dispatchEvent(new Event(comes ? "message" : "error")));
  return made;
}

const tools = { answers: async () => true, wait: async () => {} };

test("a worker whose program the network lost is made again, and none of the lost is left", async () => {
  let made = 0;
  let ended = 0;
  const make = () => worker(++made === 3, () => void ended++);
  await loadWorker(make, tools);
  expect([made, ended]).toEqual([3, 2]);
});

test("a worker whose program is not there any more is a fault", async () => {
  await expect(loadWorker(() => worker(false, () => {}), tools)).rejects.toThrow("did not come");
});
