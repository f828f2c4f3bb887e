import { afterEach, expect, test } from "vitest";
import { scriptedWeather } from "#drivers/memory";
import { LoopWorld, SMALL } from "./support/loop-world.ts";
import { PersonsFile } from "./support/persons-file.ts";

let world: LoopWorld;
afterEach(() => world.close());

test("a life: requested, ready, given back, and everything is as before", async () => {
  world = await LoopWorld.open();
  const id = await world.request();
  const ready = await world.until(id, "ready");
  expect(ready.phases.map(({ phase }) => phase).sort()).toEqual(["configuration", "image", "network", "readiness", "sandbox", "storage"]);
  expect(ready.generation).toBe(1);
  await world.release(id);
  const released = await world.until(id, "released");
  expect(released.receipt).toMatchObject({ freed: SMALL, deleted: ["sandbox", "home"], kept: [] });
  await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
});

test("what does not fit waits and starts when room is made; a higher priority first", async () => {
  world = await LoopWorld.open();
  const first = await Promise.all([1, 2, 3, 4].map(() => world.request()));
  for (const id of first) await world.until(id, "ready");
  const waiting = await world.request();
  await world.eventually(async () => expect(await (() => world.admission.view.waiting(waiting)?.place)()).toBe(1));
  const urgent = await world.request({ priority: "high" });
  await world.eventually(async () => expect(await (() => world.admission.view.waiting(waiting)?.place)()).toBe(2));
  expect(world.admission.view.waiting(waiting)?.message).toMatch(/needs 1 cpu.*node-1 has 0 cpu/);
  await world.release(first[0] ?? "");
  await world.until(urgent, "ready");
  expect((await world.repository.workspace(waiting))?.state).toBe("queued");
  await world.release(first[1] ?? "");
  await world.until(waiting, "ready");
});

test("a passing fault is retried as another generation", async () => {
  world = await LoopWorld.open({ weather: scriptedWeather([{ phase: "storage", mishap: { kind: "dies" } }]) });
  const row = await world.until(await world.request(), "ready");
  expect([row.generation, row.attempts]).toEqual([2, 1]);
});

test("what retrying does not mend fails, says why, keeps no room, and goes on when the person asks again", async () => {
  let mends = false;
  const program = () => (mends ? undefined : { exit: 1, stderr: "no such setting" });
  world = await LoopWorld.open({ program });
  const id = await world.request();
  const failed = await world.until(id, "failed");
  expect([failed.reason, failed.message]).toEqual(["configuration_failed", "no such setting"]);
  await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  mends = true;
  await world.wish(id, "ready", "retrying");
  await world.until(id, "ready");
});

test("a home without room for its settings is ready all the same, and says which stayed as they were", async () => {
  const files = ["~/.config/a.json", "~/.b"].map((path) => ({ path, content: "x", mode: 0o600, apply: "enforced" }));
  world = await LoopWorld.open({
    program: (run) => (run.includes("personal-layer") ? { exit: 28, stderr: "~/.b\n~/not-of-ours\n" } : undefined),
  });
  const row = await world.until(await world.request({ files }), "ready");
  expect(row.message).toBe("ready, but its home is full: ~/.b stayed as before");
});

test("a file that cannot be merged is left, and told with the state until a start finds it mended", async () => {
  const file = new PersonsFile({ path: "~/k.json", keys: { k: 1 } });
  world = await LoopWorld.open({ program: file.program });
  const id = await world.request({ files: [file.planned] });
  expect((await world.until(id, "ready")).leftFiles).toEqual([]);
  const again = async () => {
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
    await world.resume(id);
    return world.until(id, "ready");
  };
  file.content = "{";
  const row = await again();
  expect(row.leftFiles).toEqual([{ path: "~/k.json", reason: "not_readable" }]);
  expect(row.message).toMatch(/^ready, but ~\/k\.json was left as it is: it cannot be read/);
  file.content = '{"mine": 1}';
  expect(await again()).toMatchObject({ leftFiles: [], message: "ready" });
  expect(file.content).toBe('{"mine": 1, "k": 1}');
});

test("an engine that does not answer: state and room stay, and it goes on when it is back", async () => {
  world = await LoopWorld.open({ weather: scriptedWeather([{ phase: "sandbox", mishap: { kind: "engine_unreachable" } }]) });
  const id = await world.request();
  const row = await world.until(id, "ready");
  expect([row.generation, row.attempts]).toEqual([1, 0]);
});

test("a data source that is registered no more fails the start by its name, keeps the home, and is mended by registering it", async () => {
  world = await LoopWorld.open();
  const sales = { source: "sales", volume: "sales", target: "/data/sales", access: "read" as const };
  world.sources.set("sales", sales);
  const id = await world.request({ keepHome: true, dataSources: [{ source: "sales", access: "read", mount: "/data/sales" }] });
  await world.until(id, "ready");
  await world.wish(id, "suspended", "suspended_by_person");
  await world.until(id, "suspended");
  world.sources.delete("sales");
  await world.resume(id);
  const failed = await world.until(id, "failed");
  expect(failed).toMatchObject({ reason: "source_not_registered", attempts: 0, message: expect.stringContaining('"sales"') });
  expect((await world.repository.home(failed.home))?.workspace).toBe(id);
  expect(world.engine.homes.has(failed.home)).toBe(true);
  world.sources.set("sales", sales);
  await world.wish(id, "ready", "retrying");
  await world.until(id, "ready");
});

test("given back while it is starting: the start is given up, and nothing is left", async () => {
  world = await LoopWorld.open({ weather: scriptedWeather([{ phase: "network", mishap: { kind: "hangs" } }]) });
  const id = await world.request();
  await world.until(id, "provisioning");
  await world.release(id);
  expect((await world.until(id, "released")).reason).toBe("cancelled");
  await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
});

test("given back while it waits: it leaves the queue", async () => {
  world = await LoopWorld.open();
  const large = await world.request({ demand: { ...SMALL, cpu: 4000 } });
  await world.until(large, "ready");
  const waiting = await world.request();
  await world.eventually(async () => expect(await (() => world.admission.view.waiting(waiting)?.place)()).toBe(1));
  await world.release(waiting);
  expect((await world.until(waiting, "released")).receipt).toMatchObject({ deleted: [] });
  expect(world.admission.view.queue()).toEqual([]);
});

test("the end of its lifetime releases it", async () => {
  world = await LoopWorld.open();
  const id = await world.request({ lifetime: 300 });
  expect((await world.until(id, "released")).reason).toBe("lifetime_ended");
});

test("a sandbox that is lost is replaced by a new generation", async () => {
  world = await LoopWorld.open();
  const id = await world.request();
  const { handle } = await world.until(id, "ready");
  await world.driver.destroy(handle as Parameters<typeof world.driver.destroy>[0], { grace: 0, keepHome: true });
  await world.eventually(async () => expect(await (async () => (await world.repository.workspace(id))?.generation)()).toBe(2));
  await world.until(id, "ready");
});

test.each(["sandbox", "network", "storage"] as const)(
  "killed in phase %s: after the restart it becomes ready, and the old attempt is gone",
  async (phase) => {
    world = await LoopWorld.open({ weather: scriptedWeather([{ phase, mishap: { kind: "hangs" } }]) });
    const id = await world.request();
    await world.until(id, "provisioning");
    await world.restart();
    const row = await world.until(id, "ready");
    expect(row.generation).toBe(2);
    expect(world.engine.sandboxes.size).toBe(1);
    await world.release(id);
    await world.until(id, "released");
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  },
);

test("killed while ready: it is taken over as it runs; killed while releasing: it is released", async () => {
  world = await LoopWorld.open();
  const [stays, goes] = [await world.request(), await world.request()];
  await world.until(stays, "ready");
  await world.until(goes, "ready");
  await world.loop.stop();
  await world.repository.setDesired(
    goes,
    { desired: "released", reason: "given_back", by: "ann" },
    { at: 0, actor: "ann", action: "release", target: goes, outcome: "done" },
  );
  await world.restart();
  await world.until(goes, "released");
  expect(await world.repository.workspace(stays)).toMatchObject({ state: "ready", generation: 1 });
  expect(world.engine.sandboxes.size).toBe(1);
});

test("a sandbox of nobody is swept after recovery", async () => {
  world = await LoopWorld.open({ weather: scriptedWeather([{ phase: "readiness", mishap: { kind: "loses_answer" } }]) });
  const id = await world.request();
  await world.until(id, "ready");
  expect(world.engine.sandboxes.size).toBe(1);
});

test("a hundred at once, far more than fit: each becomes ready, none is left over", async () => {
  world = await LoopWorld.open();
  const ids = await Promise.all(Array.from({ length: 100 }, () => world.request()));
  await Promise.all(
    ids.map(async (id) => {
      await world.until(id, "ready");
      await world.release(id);
      await world.until(id, "released");
    }),
  );
  await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
});
