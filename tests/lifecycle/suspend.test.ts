import { afterEach, describe, expect, test } from "vitest";
import { LoopWorld, SMALL } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

const NOTHING = { cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 };
const STORAGE_ALONE = { ...NOTHING, storage: SMALL.storage };
const allocated = () => world.admission.view.account()[0]?.allocated;
const write = async (id: string) => (await channelOf(id)).writeFile("/home/user/precious", Buffer.from("kept"), 0o600);
const read = async (id: string) => String(await (await channelOf(id)).readFile("/home/user/precious", 100));
const channelOf = async (id: string) =>
  world.driver.connect((await world.repository.workspace(id))?.handle as Parameters<typeof world.driver.connect>[0]);

describe("suspending", () => {
  test("frees all but the home's storage, and resuming goes on with its files", async () => {
    world = await LoopWorld.open();
    const id = await world.request();
    await world.until(id, "ready");
    await write(id);
    await world.wish(id, "suspended", "suspended_by_person");
    const suspended = await world.until(id, "suspended");
    expect([suspended.reason, suspended.node]).toEqual(["suspended_by_person", undefined]);
    expect(world.engine.sandboxes.size).toBe(0);
    await world.eventually(async () => expect(await allocated()).toEqual(STORAGE_ALONE));
    await world.wish(id, "ready", "suspended_by_person");
    const again = await world.until(id, "ready");
    expect(again.generation).toBe(2);
    expect(await read(id)).toBe("kept");
    expect(allocated()).toEqual(SMALL);
    await world.release(id);
    const { receipt } = await world.until(id, "released");
    expect(receipt).toMatchObject({ freed: SMALL, deleted: ["sandbox", "home"], kept: [] });
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  });

  test("is no time that the receipt counts as held: it says for how long resources were, and since when it was asked for", async () => {
    world = await LoopWorld.open();
    const id = await world.request({ name: "main", keepHome: true });
    const { requestedAt } = await world.until(id, "ready");
    for (let time = 0; time < 2; time++) {
      await world.pass(5_000);
      await world.wish(id, "suspended", "suspended_by_person");
      await world.until(id, "suspended");
      await world.pass(120_000);
      await world.resume(id);
      await world.until(id, "ready");
    }
    await world.pass(5_000);
    await world.release(id);
    const { receipt, releasedAt = 0 } = await world.until(id, "released");
    expect(receipt?.requested_at).toBe(new Date(requestedAt).toISOString());
    expect(releasedAt - requestedAt).toBeGreaterThanOrEqual(255_000);
    expect(receipt?.held).toBeGreaterThanOrEqual(15_000);
    expect(receipt?.held).toBeLessThan(100_000);
  });

  test("makes room for who waits, and resuming waits for room", async () => {
    world = await LoopWorld.open();
    const first = await Promise.all([1, 2, 3, 4].map(() => world.request()));
    for (const id of first) await world.until(id, "ready");
    const waiting = await world.request();
    await world.wish(first[0] ?? "", "suspended", "suspended_by_person");
    await world.until(waiting, "ready");
    await world.wish(first[0] ?? "", "ready", "suspended_by_person");
    await world.until(first[0] ?? "", "queued");
    await world.eventually(async () => expect(await (() => world.admission.view.waiting(first[0] ?? "")?.place)()).toBe(1));
    await world.release(waiting);
    await world.until(first[0] ?? "", "ready");
  });

  test("a resuming that waits can be called off: the home stays as it was", async () => {
    world = await LoopWorld.open();
    const id = await world.request();
    await world.until(id, "ready");
    await write(id);
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
    const others = await Promise.all([1, 2, 3, 4].map(() => world.request()));
    for (const other of others) await world.until(other, "ready");
    await world.wish(id, "ready", "suspended_by_person");
    await world.eventually(async () => expect(await (() => world.admission.view.waiting(id)?.place)()).toBe(1));
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
    expect(world.admission.view.waiting(id)).toBeUndefined();
    await world.release(others[0] ?? "");
    await world.until(others[0] ?? "", "released");
    await world.wish(id, "ready", "suspended_by_person");
    await world.until(id, "ready");
    expect(await read(id)).toBe("kept");
  });

  test("asked for while it starts, it is suspended when it is ready", async () => {
    world = await LoopWorld.open({ pace: 20 });
    const id = await world.request();
    await world.until(id, "provisioning");
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
  });

  test("a suspended workspace can be given back, and its lifetime goes on", async () => {
    world = await LoopWorld.open();
    const one = await world.request();
    const two = await world.request({ lifetime: 300 });
    for (const id of [one, two]) {
      await world.until(id, "ready");
      await world.wish(id, "suspended", "suspended_by_person");
    }
    await world.until(one, "suspended");
    await world.release(one);
    expect((await world.until(one, "released")).receipt).toMatchObject({ freed: STORAGE_ALONE, deleted: ["sandbox", "home"] });
    expect((await world.until(two, "released")).reason).toBe("lifetime_ended");
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  });

  test("everything is suspended when Guise stops, and goes on with the next start", async () => {
    world = await LoopWorld.open();
    const ids = await Promise.all([1, 2, 3].map(() => world.request()));
    for (const id of ids) await world.until(id, "ready");
    await write(ids[0] ?? "");
    const counts: number[] = [];
    await world.loop.suspendAll((left) => counts.push(left));
    expect([counts[0], counts.at(-1)]).toEqual([3, 0]);
    expect(world.engine.sandboxes.size).toBe(0);
    for (const id of ids)
      expect(await world.repository.workspace(id)).toMatchObject({ state: "suspended", reason: "guise_stopped", desired: "ready" });
    await world.restart();
    for (const id of ids) await world.until(id, "ready");
    expect(await read(ids[0] ?? "")).toBe("kept");
  });

  test("what was half suspended when Guise died is suspended, with its files", async () => {
    world = await LoopWorld.open();
    const id = await world.request();
    const row = await world.until(id, "ready");
    await write(id);
    await world.loop.stop();
    await world.wish(id, "suspended", "suspended_by_person");
    await world.repository.move({ id, revision: row.revision, to: "suspending", reason: "suspended_by_person", at: 1 });
    await world.restart();
    await world.until(id, "suspended");
    await world.eventually(async () => expect(await allocated()).toEqual(STORAGE_ALONE));
    await world.restart();
    expect(allocated()).toEqual(STORAGE_ALONE);
    await world.wish(id, "ready", "suspended_by_person");
    await world.until(id, "ready");
    expect(await read(id)).toBe("kept");
  });
});

describe("an idle workspace", () => {
  test("is warned, then suspended with the reasons, and goes on when it is asked for", async () => {
    world = await LoopWorld.open();
    const id = await world.request({ idleAfter: 1_000 });
    const told: (string | undefined)[] = [];
    world.live.subscribe(id, ({ kind, message }) => kind === "idle" && told.push(message));
    const { readyAt } = await world.until(id, "ready");
    const suspended = await world.until(id, "suspended");
    expect(suspended).toMatchObject({
      ...{ reason: "idle", desired: "suspended", desiredBy: "guise" },
      message: "nobody used it for 1 s, as long as its persona allows: suspended with its home",
    });
    expect(world.clock.now() - (readyAt ?? 0)).toBeGreaterThan(900);
    expect(told).toEqual([
      expect.stringMatching(/^idle for .* \(last use: it became ready, or Guise was started\); suspended in .* unless it is used or kept$/),
    ]);
    const [entry] = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "suspend_workspace");
    expect(entry).toMatchObject({ actor: "guise", target: id, facts: { why: expect.stringContaining("last use 1 s ago") } });
    await world.wish(id, "ready", "suspended_by_person");
    await world.until(id, "ready");
  });

  test("that is used or kept is left alone, and one without a limit too", async () => {
    world = await LoopWorld.open();
    const [used, kept, unlimited] = await Promise.all([
      world.request({ idleAfter: 500 }),
      world.request({ idleAfter: 500 }),
      world.request(),
    ]);
    for (const id of [used, kept, unlimited]) await world.until(id, "ready");
    for (let i = 0; i < 8; i++) {
      world.activity.note(used, "input");
      world.activity.note(kept, "kept");
      await world.pass(150);
    }
    for (const id of [used, kept, unlimited]) expect((await world.repository.workspace(id))?.state).toBe("ready");
    const row = await world.repository.workspace(unlimited);
    expect(row === undefined ? undefined : world.idle.idlenessOf(row)).toBeUndefined();
    await world.until(used, "suspended");
  });
});

describe("a kept home", () => {
  const KEPT = { name: "main", keepHome: true } as const;

  test("outlives its workspace, is charged, and is the next one's", async () => {
    world = await LoopWorld.open();
    const one = await world.request(KEPT);
    await world.until(one, "ready");
    await write(one);
    await world.release(one);
    const released = await world.until(one, "released");
    expect(released.receipt).toMatchObject({
      freed: { ...SMALL, storage: 0 },
      deleted: ["sandbox"],
      kept: [{ what: `home ${released.home}`, bytes: SMALL.storage, charged_to: "makers" }],
    });
    await world.eventually(async () => expect(await allocated()).toEqual(STORAGE_ALONE));
    await world.restart();
    expect(allocated()).toEqual(STORAGE_ALONE);
    const two = await world.request(KEPT);
    const ready = await world.until(two, "ready");
    expect([ready.home, await read(two)]).toEqual([released.home, "kept"]);
    expect(allocated()).toEqual(SMALL);
  });

  test("grows with what is asked for, and only the growth is new", async () => {
    world = await LoopWorld.open();
    const one = await world.request(KEPT);
    await world.until(one, "ready");
    await world.release(one);
    await world.until(one, "released");
    const larger = { ...SMALL, storage: 3 * SMALL.storage };
    const two = await world.request({ ...KEPT, demand: larger });
    await world.until(two, "ready");
    expect(allocated()).toEqual(larger);
    await world.release(two);
    expect((await world.until(two, "released")).receipt).toMatchObject({ kept: [{ bytes: larger.storage }] });
    await world.eventually(async () => expect(await allocated()).toEqual({ ...NOTHING, storage: larger.storage }));
  });

  test("is deleted with the workspace where the person says so, and by command when nobody has it", async () => {
    world = await LoopWorld.open();
    const one = await world.request(KEPT);
    await world.until(one, "ready");
    await world.wish(one, "released", "given_back", { dropHome: true });
    expect((await world.until(one, "released")).receipt).toMatchObject({ freed: SMALL, deleted: ["sandbox", "home"], kept: [] });
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));

    const two = await world.request(KEPT);
    const { home } = await world.until(two, "ready");
    await world.release(two);
    await world.until(two, "released");
    await world.repository.doomHome(home, { at: 1, actor: "ann", action: "delete_home", target: home, outcome: "done" });
    world.doomed.wake();
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
    expect(await world.repository.homes({})).toEqual([]);
  });

  test("is kept of what an operator gives back, whose reason is in state, event and receipt; the next workspace has its files", async () => {
    world = await LoopWorld.open();
    const one = await world.request({ name: "main" });
    const { home } = await world.until(one, "ready");
    const note = "olga, an operator: the machine is needed";
    await world.wish(one, "suspended", "suspended_by_operator", { note });
    expect((await world.until(one, "suspended")).message).toBe(`suspended with its home (${note})`);
    await world.wish(one, "released", "stopped_by_operator", { note, keepHome: true });
    const { message, receipt } = await world.until(one, "released");
    expect(message).toBe(`its home is kept, nothing else is left (${note})`);
    expect(receipt).toMatchObject({ note, kept: [{ what: `home ${home}` }], deleted: ["sandbox"] });
    const said = (await world.repository.events(one, 0)).events.map((event) => event.message ?? "");
    expect(said.filter((words) => words.includes(note))).toHaveLength(4);
    const next = await world.request({ name: "main" });
    expect((await world.until(next, "ready")).home).toBe(home);
    await world.release(next);
    expect((await world.until(next, "released")).receipt).toMatchObject({ kept: [{ what: `home ${home}` }] });
  });

  test("of a request that was cancelled before it started stays as it was", async () => {
    world = await LoopWorld.open();
    const one = await world.request(KEPT);
    await world.until(one, "ready");
    await world.release(one);
    await world.until(one, "released");
    const others = await Promise.all([1, 2, 3, 4].map(() => world.request()));
    for (const other of others) await world.until(other, "ready");
    const waiting = await world.request(KEPT);
    await world.until(waiting, "queued");
    await world.release(waiting);
    expect((await world.until(waiting, "released")).receipt).toMatchObject({
      freed: NOTHING,
      deleted: [],
      kept: [{ bytes: SMALL.storage }],
    });
    await world.eventually(async () => expect(await (() => allocated()?.storage)()).toBe(5 * SMALL.storage));
  });

  test("that was never ready is not kept: nobody has files in it", async () => {
    world = await LoopWorld.open({ program: () => ({ exit: 1, stderr: "no such setting" }) });
    const one = await world.request(KEPT);
    await world.until(one, "failed");
    await world.release(one);
    expect((await world.until(one, "released")).receipt).toMatchObject({ kept: [] });
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  });
});
