import { afterEach, expect, test } from "vitest";
import { LoopWorld } from "./support/loop-world.ts";

/** A simulated package takes 64 MiB: room for about nine versions of two, which share a first layer with their day's others. */
const MIB = 2 ** 20;
const BUDGET = 1024 * MIB;
const DAY = 24 * 3_600_000;

let world: LoopWorld;
afterEach(() => world.close());

const layer = (name: string) => ({ application: name, manager: "apt" as const, packages: [name] });
const stored = async () => new Map((await world.driver.images()).map((image) => [image.reference, image]));
const taken = async () => [...(await stored()).values()].reduce((sum, { bytes }) => sum + bytes, 0);
const stateOf = async (version: number) => (await world.repository.version("tester", version))?.state;

async function built(version: number): Promise<void> {
  world.builds.wake();
  await world.eventually(async () => expect(await (() => stateOf(version))()).toBe("usable"));
  await world.eventually(async () => expect(await taken()).toBeLessThanOrEqual(BUDGET));
}

/** Every image that a workspace runs on, or will when it is resumed, with all that it stands on. */
async function nothingNeededIsGone(): Promise<void> {
  const { records, holders } = await world.repository.images();
  const there = await stored();
  for (const { version, workspace } of holders) {
    const record = records.find((one) => one.version === version && one.current);
    let image = there.get(record?.reference ?? "");
    expect(image, `the image of ${workspace}`).toBeDefined();
    for (; image?.standsOn !== undefined; image = there.get(image.standsOn)) expect(there.has(image.standsOn), workspace).toBe(true);
  }
}

test("a week of publishing: the budget holds, nothing that is needed is removed, and a full disk loses nothing and says what to do", async () => {
  world = await LoopWorld.open({ imageBudget: BUDGET });
  const ready = async (version: number, layers: ReturnType<typeof layer>[], keepHome = false) => {
    const id = await world.request({ version, layers, keepHome });
    await world.until(id, "ready");
    return id;
  };
  let suspended = "";
  let collected = 0;
  const published: number[] = [];
  for (let day = 1; day <= 7; day++) {
    for (const part of ["a", "b", "c", "d"]) {
      const layers = [layer(`day-${day}`), layer(`day-${day}-${part}`)];
      const before = (await stored()).size;
      const version = await world.publish(layers);
      await built(version);
      published.push(version);
      collected += Math.max(0, before + 3 - (await stored()).size);
      await nothingNeededIsGone();
      if (part === "a" && day === 1) {
        suspended = await ready(version, layers, true);
        await world.wish(suspended, "suspended", "suspended_by_person");
        await world.until(suspended, "suspended");
      }
      if (part === "b" && day === 2) await ready(version, layers);
      if (part === "c") {
        const used = await ready(version, layers);
        await world.release(used);
        await world.until(used, "released");
      }
      world.clock.advance(3_600_000);
    }
    world.clock.advance(DAY - 4 * 3_600_000);
  }
  // 28 versions, each a layer of its own and a closing one, on seven shared ones: more than twice what there is room for.
  expect(published.length).toBe(28);
  expect(collected).toBeGreaterThan(28);
  expect((await stored()).has((await world.repository.version("tester", published[4] ?? 0))?.image?.reference as string)).toBe(false);

  // The disk is full: the version waits, with figures and what to do; whoever is there goes on.
  world.engine.images.disk = (await taken()) + 10 * MIB;
  const held = (await world.repository.images()).holders;
  const late = await world.publish([layer("late")]);
  world.builds.wake();
  const message = async () => (await world.repository.version("tester", late))?.build.message;
  await world.eventually(async () =>
    expect(await message()).toMatch(
      /^waits: a layer needs 64 MiB of free disk; the simulated engine has 10 MiB; .*guise admin images collect/,
    ),
  );
  expect(await stateOf(late)).toBe("building");
  expect((await world.repository.images()).holders).toEqual(held);
  await nothingNeededIsGone();

  // What it said is done, and it goes on by itself.
  const freed = await world.collector.collect(0);
  expect(freed.freed).toBeGreaterThan(64 * MIB);
  await nothingNeededIsGone();
  await world.eventually(async () => expect(await (() => stateOf(late))()).toBe("usable"));

  // The one of the first day is resumed on the image that was kept for it.
  await world.resume(suspended);
  const resumed = await world.until(suspended, "ready");
  expect(resumed.phases.map(({ phase }) => phase)).not.toContain("image");
});
