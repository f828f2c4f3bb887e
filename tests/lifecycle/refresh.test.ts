import { afterEach, expect, test } from "vitest";
import { LoopWorld } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

const audit = { at: 0, actor: "ann", action: "refresh_persona", target: "tester", outcome: "done" as const };
const version = async () => (await world.repository.version("tester", 1)) ?? expect.fail("there is no version");
const images = async () => (await world.driver.images()).map(({ reference }) => reference);

async function refreshed(epoch: string): Promise<void> {
  await world.repository.askRefresh("tester", 1, epoch, audit);
  world.builds.wake();
  await world.eventually(async () => expect(await (async () => (await version()).refresh?.epoch)()).toBeUndefined());
}

test("what runs keeps its image until it ends; the next one, and one that is resumed, gets the new revision", async () => {
  world = await LoopWorld.open();
  const [runs, pauses] = [await world.request(), await world.request({ keepHome: true })];
  const before = await world.until(runs, "ready");
  await world.until(pauses, "ready");
  await refreshed("2026-02-01T00:00:00Z");
  expect(await version()).toMatchObject({ state: "usable", revision: 2, epoch: "2026-02-01T00:00:00Z", refresh: undefined });
  expect((await images()).length).toBe(2);

  await world.wish(pauses, "suspended", "suspended_by_person");
  await world.until(pauses, "suspended");
  await world.collector.collect(0);
  expect((await images()).length).toBe(2);
  await world.resume(pauses);
  const resumed = await world.until(pauses, "ready");
  const fresh = await world.until(await world.request(), "ready");
  expect([before, resumed, fresh].map(({ imageRevision }) => imageRevision)).toEqual([1, 2, 2]);
  expect(resumed.image).toBe(fresh.image);
  expect(resumed.image).not.toBe(before.image);
  expect((await world.repository.workspace(runs))?.imageRevision).toBe(1);

  await world.release(runs);
  await world.until(runs, "released");
  await world.collector.collect(0);
  expect(await images()).toEqual([fresh.image]);
  expect((await world.repository.images()).records.map(({ revision }) => revision)).toEqual([2]);
});

test("the next version keeps the versions of Python packages that the last one has; a refresh takes the newest", async () => {
  world = await LoopWorld.open();
  const own = (name: string) => ({ application: `pip:${name}`, manager: "pip" as const, packages: [name] });
  const versionsOf = async (number: number) => {
    const contents = ((await world.repository.version("tester", number))?.image?.contents ?? []) as { name: string; version: string }[];
    return contents.map(({ name, version }) => `${name} ${version}`);
  };
  const builtIs = async (number: number, expected: readonly string[]) => {
    world.builds.wake();
    await world.eventually(async () => expect(await versionsOf(number)).toEqual(expected));
  };
  const first = await world.publish([own("pandas")]);
  await builtIs(first, ["pandas 0"]);
  world.engine.images.newest = "1";
  const second = await world.publish([own("pandas"), own("humanize")]);
  await builtIs(second, ["pandas 0", "humanize 1"]);
  await world.repository.askRefresh("tester", second, "2026-02-01T00:00:00Z", audit);
  await builtIs(second, ["pandas 1", "humanize 1"]);
});

test("a refresh that fails leaves the present revision in use, and says why; asked for again it goes on", async () => {
  world = await LoopWorld.open();
  const before = await world.until(await world.request(), "ready");
  world.engine.images.broken = "no package mirror has apt:jq";
  await refreshed("2026-02-01T00:00:00Z");
  expect(await version()).toMatchObject({ state: "usable", revision: 1, refresh: { message: "no package mirror has apt:jq" } });
  expect(await world.until(await world.request(), "ready")).toMatchObject({ imageRevision: 1, image: before.image });
  world.engine.images.broken = undefined;
  await refreshed("2026-02-02T00:00:00Z");
  expect(await version()).toMatchObject({ revision: 2, refresh: undefined });
});

test("on a full disk a refresh waits with its figures, and is gone on with after a restart", async () => {
  world = await LoopWorld.open();
  await world.until(await world.request(), "ready");
  world.engine.images.disk = 2 ** 20;
  await world.repository.askRefresh("tester", 1, "2026-02-01T00:00:00Z", audit);
  world.builds.wake();
  await world.eventually(async () =>
    expect(await (async () => (await version()).refresh?.message)()).toMatch(
      /^waits: .* needs 1 MiB .* has 0 B.*guise admin images collect/,
    ),
  );
  expect(await version()).toMatchObject({ state: "usable", revision: 1 });
  world.engine.images.disk = 2 ** 30;
  await world.restart();
  world.builds.wake();
  await world.eventually(async () => expect(await (async () => (await version()).revision)()).toBe(2));
});
