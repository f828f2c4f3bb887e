import type { Amounts } from "@guise/contract";
import { afterEach, describe, expect, test } from "vitest";
import { fairWeather, scriptedWeather } from "#drivers/memory";
import { LoopWorld, SMALL } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

const allocated = () => world.admission.view.account()[0]?.allocated;
const LARGE: Amounts = { ...SMALL, cpu: 3000, ram: 2 * SMALL.ram, ingress: 2e6 };
const HALF: Amounts = { ...SMALL, cpu: 500, ram: SMALL.ram / 2 };

async function wish(id: string, amounts: Amounts): Promise<void> {
  const audit = { at: world.clock.now(), actor: "ann", action: "resize_workspace", target: id, outcome: "done" as const };
  await world.repository.setWantedDemand(id, amounts, audit);
  world.loop.wake(id);
}

async function answered(id: string) {
  await world.eventually(async () => expect(await (async () => (await world.repository.workspace(id))?.wantedDemand)()).toBeUndefined());
  const row = await world.repository.workspace(id);
  if (row === undefined) throw new Error(`there is no ${id}`);
  return row;
}

const limitsInside = (id: string) => {
  const spec = [...world.engine.sandboxes.values()].map((sandbox) => sandbox.spec).find(({ workspace }) => workspace === id);
  return { cpu: spec?.limits.cpu, ram: spec?.limits.ram, ...spec?.bandwidth };
};
const { storage: _, ...LARGE_INSIDE } = LARGE;
const { storage: __, ...SMALL_INSIDE } = SMALL;

async function ready(): Promise<string> {
  const id = await world.request();
  await world.until(id, "ready");
  return id;
}

describe("resizing", () => {
  test("changes the limits and the account alike, up and down, in the same sandbox", async () => {
    world = await LoopWorld.open();
    const id = await ready();
    await wish(id, LARGE);
    expect(await answered(id)).toMatchObject({ state: "ready", generation: 1, demand: LARGE });
    expect(limitsInside(id)).toEqual(LARGE_INSIDE);
    await world.eventually(async () => expect(await allocated()).toEqual(LARGE));
    await wish(id, HALF);
    expect((await answered(id)).message).toContain("0.5 cpu, 512 MiB ram");
    await world.eventually(async () => expect(await allocated()).toEqual(HALF));
    await world.release(id);
    await world.until(id, "released");
    await world.eventually(async () => expect(await (() => world.nothingIsLeft())()).toBe(true));
  });

  test("what is given up is somebody else's at once", async () => {
    world = await LoopWorld.open();
    const first = await Promise.all([1, 2, 3, 4].map(() => world.request()));
    for (const id of first) await world.until(id, "ready");
    const waiting = await world.request({ demand: HALF });
    await world.eventually(async () => expect(await (() => world.admission.view.waiting(waiting)?.place)()).toBe(1));
    await wish(first[0] ?? "", HALF);
    await world.until(waiting, "ready");
  });

  test("is refused with its numbers where the node has no room, and nothing changes", async () => {
    world = await LoopWorld.open();
    const [id = ""] = await Promise.all([1, 2, 3].map(() => ready()));
    await wish(id, LARGE);
    const row = await answered(id);
    expect(row).toMatchObject({ state: "ready", demand: SMALL });
    expect(row.message).toBe("not resized: needs 2 cpu more; node-1 has 1 cpu free");
    expect(limitsInside(id)).toEqual(SMALL_INSIDE);
    await world.eventually(async () =>
      expect(await allocated()).toEqual({ cpu: 3000, ram: 3 * SMALL.ram, storage: 3 * SMALL.storage, ingress: 3e6, egress: 3e6 }),
    );
  });

  test("what its programs use cannot be taken from them: the account is as it was", async () => {
    world = await LoopWorld.open();
    const id = await ready();
    await wish(id, { ...SMALL, cpu: 2000, ram: 1024 });
    expect((await answered(id)).message).toBe("not resized: its programs use more ram than it would have");
    await world.eventually(async () => expect(await allocated()).toEqual(SMALL));
    expect((await world.repository.allocations())[0]?.amounts).toEqual(SMALL);
  });

  test("goes on when Guise dies in the middle; meanwhile the larger of both is held", async () => {
    const weather = scriptedWeather([{ phase: "resize", mishap: { kind: "engine_unreachable" }, times: 100 }]);
    world = await LoopWorld.open({ weather });
    const id = await ready();
    const wanted = { ...HALF, cpu: 3000 };
    await wish(id, wanted);
    const held = { ...SMALL, cpu: 3000 };
    await world.eventually(async () => expect(await (async () => (await world.repository.allocations())[0]?.amounts)()).toEqual(held));
    expect(limitsInside(id)).toEqual(SMALL_INSIDE);
    await world.restart({ weather: fairWeather });
    expect(await answered(id)).toMatchObject({ state: "ready", generation: 1, demand: wanted });
    await world.eventually(async () => expect(await allocated()).toEqual(wanted));
    expect((await world.repository.allocations())[0]?.amounts).toEqual(wanted);
  });

  test("goes on when its answer is lost, and when the engine comes back", async () => {
    const weather = scriptedWeather([
      { phase: "resize", mishap: { kind: "loses_answer" } },
      { phase: "resize", mishap: { kind: "engine_unreachable" } },
    ]);
    world = await LoopWorld.open({ weather });
    const id = await ready();
    await wish(id, LARGE);
    await answered(id);
    expect(limitsInside(id)).toEqual(LARGE_INSIDE);
    await world.eventually(async () => expect(await allocated()).toEqual(LARGE));
  });

  test("a wish that waits is no hindrance to suspending, and is carried out after resuming", async () => {
    const weather = scriptedWeather([{ phase: "resize", mishap: { kind: "engine_unreachable" } }]);
    world = await LoopWorld.open({ weather });
    const id = await ready();
    await wish(id, LARGE);
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
    await world.wish(id, "ready", "suspended_by_person");
    await world.until(id, "ready");
    expect(await answered(id)).toMatchObject({ demand: LARGE });
    await world.eventually(async () => expect(await allocated()).toEqual(LARGE));
  });

  test("the next start has what was given", async () => {
    world = await LoopWorld.open();
    const id = await ready();
    await wish(id, LARGE);
    await answered(id);
    await world.wish(id, "suspended", "suspended_by_person");
    await world.until(id, "suspended");
    await world.wish(id, "ready", "suspended_by_person");
    expect(await world.until(id, "ready")).toMatchObject({ generation: 2, demand: LARGE });
    expect(limitsInside(id)).toEqual(LARGE_INSIDE);
  });

  test("of two wishes the last one holds", async () => {
    world = await LoopWorld.open();
    const id = await ready();
    await Promise.all([wish(id, LARGE), wish(id, HALF)]);
    const { demand } = await answered(id);
    await world.eventually(async () => expect(await allocated()).toEqual(demand));
    expect([LARGE, HALF]).toContainEqual(demand);
  });
});
