import { afterEach, expect, test } from "vitest";
import { scriptedWeather, type Weather } from "#drivers/memory";
import { repeat, silentLog } from "#foundation";
import { RepositoryError } from "#repository";
import { LoopWorld } from "./support/loop-world.ts";

/** Many at once, looks at any moment, stores and engines that refuse for a while: nobody is lost, nobody is blamed. */
let world: LoopWorld;
afterEach(() => world.close());

/** Each workspace's first start dies once. */
function oneFaultEach(): Weather {
  const died = new Set<string>();
  return {
    at({ workspace, phase }) {
      if (phase !== "storage" || died.has(workspace)) return undefined;
      died.add(workspace);
      return { kind: "dies" };
    },
  };
}

async function whileLooking<T>(every: number, work: Promise<T>): Promise<T> {
  const end = repeat({ clock: world.clock, log: silentLog, pause: every, failed: "" }, async () => world.loop.lookRound());
  try {
    return await work;
  } finally {
    void end();
  }
}

test("forty wait for four places, each with a fault on its way, while others have everything looked at all the time", async () => {
  world = await LoopWorld.open({ weather: oneFaultEach() });
  const ids = await Promise.all(Array.from({ length: 40 }, () => world.request()));
  const lives = ids.map(async (id) => {
    await world.until(id, "ready");
    await world.release(id);
    return world.until(id, "released");
  });
  await whileLooking(3, Promise.all(lives));
  await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
}, 60_000);

test("who waited, was suspended and is resumed is admitted again", async () => {
  world = await LoopWorld.open();
  const first = await Promise.all([1, 2, 3, 4].map(() => world.request()));
  for (const id of first) await world.until(id, "ready");
  const waiting = await Promise.all([1, 2, 3, 4].map(() => world.request()));
  await whileLooking(
    1,
    (async () => {
      for (const id of first) await world.release(id);
      for (const id of waiting) await world.until(id, "ready");
    })(),
  );
  for (const id of waiting) await world.wish(id, "suspended", "suspended_by_person");
  for (const id of waiting) await world.until(id, "suspended");
  for (const id of waiting) await world.wish(id, "ready", "suspended_by_person");
  for (const id of waiting) await world.until(id, "ready");
});

test("a store that is full for a while holds up admission and readiness, and fails nobody", async () => {
  world = await LoopWorld.open();
  let refused = 0;
  const { moveAll, move } = world.repository;
  const full = () => {
    refused++;
    return Promise.reject(new RepositoryError("database_full", "there is no room on the disk"));
  };
  Object.assign(world.repository, { moveAll: full });
  const id = await world.request();
  await world.pass(1_500);
  expect(refused).toBeLessThan(10);
  Object.assign(world.repository, {
    moveAll,
    move: (step: Parameters<typeof move>[0]) => (step.to === "ready" && refused++ < 12 ? full() : move(step)),
  });
  await world.until(id, "ready");
  expect((await world.repository.workspace(id))?.attempts).toBe(0);
});

test("Guise can stop while its store is full", async () => {
  world = await LoopWorld.open();
  Object.assign(world.repository, { moveAll: () => Promise.reject(new RepositoryError("database_full", "no room")) });
  await world.request();
  await world.pass(50);
  await world.loop.stop();
});

test("suspended during a first start that meets a fault: it starts again, and is suspended then", async () => {
  world = await LoopWorld.open({ pace: 10, weather: oneFaultEach() });
  const id = await world.request();
  await world.until(id, "provisioning");
  await world.wish(id, "suspended", "suspended_by_person");
  await whileLooking(20, world.until(id, "suspended"));
});

test("the pause before another try is a pause, whoever looks", async () => {
  world = await LoopWorld.open({ weather: scriptedWeather([{ phase: "storage", mishap: { kind: "dies" } }]) });
  const began = world.clock.monotonic();
  const id = await world.request();
  const row = await whileLooking(10, world.until(id, "ready"));
  expect(row.attempts).toBe(1);
  expect(world.clock.monotonic() - began).toBeGreaterThan(900);
});

test("a sandbox that cannot be removed keeps neither Guise nor the others from starting", async () => {
  world = await LoopWorld.open({ pace: 50 });
  const well = await world.request();
  await world.until(well, "ready");
  const stuck = await world.request();
  await world.until(stuck, "provisioning");
  await world.restart({
    weather: { at: ({ phase, workspace }) => (phase === "removal" && workspace === stuck ? { kind: "dies" } : undefined) },
  });
  expect((await world.repository.workspace(well))?.state).toBe("ready");
  await world.until(await world.request(), "ready");
});
