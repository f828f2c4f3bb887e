import { afterEach, expect, it, vi } from "vitest";
import { LoopWorld, SMALL } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

const LARGE = { ...SMALL, ram: 4 * SMALL.ram };

/** Everything is taken, and so many wait. */
async function crowded(count: number): Promise<readonly string[]> {
  world = await LoopWorld.open();
  await world.until(await world.request({ demand: LARGE }), "ready");
  const waiting = await Promise.all(Array.from({ length: count }, () => world.request({ demand: LARGE })));
  await world.holds(() => world.admission.view.length === count);
  return waiting;
}

it("who waits is not read when somebody else asks, nor when everything is looked at", async () => {
  const waiting = await crowded(30);
  const reads = vi.spyOn(world.repository, "workspaces");
  const asking = await world.request({ demand: { ...SMALL, ram: 2 ** 40 } });
  await world.until(asking, "failed");
  await world.loop.lookRound();
  const read = (await Promise.all(reads.mock.results.map(({ value }) => value))).flat().map(({ id }: { id: string }) => id);
  expect(read).toContain(asking);
  expect(read.filter((id) => waiting.includes(id))).toEqual([]);
});

it("a request of which nobody told is found by the next round", async () => {
  await crowded(3);
  const silent = await world.request({ untold: true });
  await world.holds(() => world.admission.view.waiting(silent) !== undefined);
});

it("fifty that are woken together are read together", async () => {
  world = await LoopWorld.open();
  const ids = await Promise.all(Array.from({ length: 50 }, () => world.request({ demand: LARGE, untold: true })));
  const reads = vi.spyOn(world.repository, "workspaces");
  for (const id of ids) world.loop.wake(id);
  await world.holds(() => world.admission.view.length === 49);
  expect(reads.mock.calls.length).toBeLessThan(10);
});
