import type { WorkspaceEvent } from "@guise/contract";
import { afterEach, expect, test } from "vitest";
import { quietBuild } from "#provisioning";
import { LoopWorld } from "./support/loop-world.ts";

let world: LoopWorld;
afterEach(() => world.close());

const references = async () => (await world.driver.images()).map(({ reference }) => reference);
const recorded = async () => (await world.repository.images()).records.map(({ reference }) => reference);

test("an image that is lost behind Guise's back is built anew at request, as phase image with progress, in the same start", async () => {
  world = await LoopWorld.open();
  const layers = [{ application: "jq", manager: "apt" as const, packages: ["jq"] }];
  // The first builds it, the second finds it there: from then on Guise takes it for present.
  for (let life = 0; life < 2; life++) {
    const earlier = await world.request({ layers });
    await world.until(earlier, "ready");
    await world.release(earlier);
    await world.until(earlier, "released");
  }
  for (const { reference } of (await world.driver.images()).toReversed()) await world.driver.removeImage(reference);
  expect(await references()).toEqual([]);
  const seen: WorkspaceEvent[] = [];
  const id = await world.request({ layers, listen: (event) => seen.push(event) });
  const row = await world.until(id, "ready");
  expect([row.generation, row.attempts]).toEqual([1, 0]);
  expect(row.phases.map(({ phase }) => phase)).toContain("image");
  const told = seen.filter(({ phase }) => phase === "image");
  expect(told.map(({ kind, message, percent }) => [kind, message, percent])).toEqual([
    ["phase_started", "building the image of the persona", undefined],
    ["progress", "installing jq", 0],
    ["progress", "image done", 100],
    ["phase_finished", undefined, undefined],
  ]);
  expect(await recorded()).toEqual([row.image]);
  expect((await world.repository.version("tester", 1))?.image).toMatchObject({ contents: [{ manager: "apt", name: "jq" }] });
});

test("an image that is built anew keeps the versions of its Python packages, though there are newer ones", async () => {
  world = await LoopWorld.open();
  const layers = [
    { application: "pip:pandas", manager: "pip" as const, packages: ["pandas"] },
    { application: "npm:prettier", manager: "npm" as const, packages: ["prettier"] },
  ];
  const earlier = await world.request({ layers });
  await world.until(earlier, "ready");
  await world.release(earlier);
  await world.until(earlier, "released");
  for (const { reference } of (await world.driver.images()).toReversed()) await world.driver.removeImage(reference);
  world.engine.images.newest = "1";
  await world.until(await world.request({ layers }), "ready");
  expect((await world.repository.version("tester", 1))?.image).toMatchObject({
    contents: [
      { name: "pandas", version: "0" },
      { name: "prettier", version: "1" },
    ],
  });
});

test("what a workspace runs on or is to be resumed on stays, however small the budget; what nobody needs goes, and comes back", async () => {
  world = await LoopWorld.open();
  const id = await world.request({ keepHome: true });
  await world.until(id, "ready");
  const [image] = await references();
  await world.collector.collect(0);
  expect(await references()).toEqual([image]);
  await world.wish(id, "suspended", "suspended_by_person");
  await world.until(id, "suspended");
  await world.collector.collect(0);
  expect(await references()).toEqual([image]);
  expect((await world.collector.standing()).images).toMatchObject([{ workspaces: [id], isKept: true }]);
  await world.release(id);
  await world.until(id, "released");
  expect(await world.collector.collect(0)).toMatchObject({ removed: [image], left: 0 });
  expect(await recorded()).toEqual([image]);
  await world.until(await world.request(), "ready");
  expect(await references()).toEqual([image]);
});

test("when an image was used last is known after a restart", async () => {
  world = await LoopWorld.open();
  const id = await world.request();
  await world.until(id, "ready");
  await world.release(id);
  const { releasedAt } = await world.until(id, "released");
  await world.restart();
  expect((await world.repository.images()).records).toMatchObject([{ usedAt: releasedAt }]);
});

test("rebuilt at request on a full disk: it says what is missing and what to do, keeps the request, and goes on when there is room", async () => {
  world = await LoopWorld.open();
  const layers = [{ application: "jq", manager: "apt" as const, packages: ["jq"] }];
  world.engine.images.disk = 2 ** 20;
  const id = await world.request({ layers });
  await world.eventually(async () =>
    expect(await (async () => (await world.repository.workspace(id))?.message)()).toMatch(
      /needs 64 MiB of free disk; the simulated engine has 1 MiB; to make room: guise admin images collect/,
    ),
  );
  expect(await world.repository.workspace(id)).toMatchObject({ state: "queued", reason: "retrying", desired: "ready" });
  world.engine.images.disk = 2 ** 30;
  expect((await world.until(id, "ready")).phases.map(({ phase }) => phase)).toContain("image");
});

test("the patrol holds images to their budget too, whatever else made them", async () => {
  world = await LoopWorld.open({ imageBudget: 2 ** 20 });
  const layers = [{ application: "jq", manager: "apt" as const, packages: ["jq"] }];
  await world.driver.ensureImage({ layers, packageEpoch: "by hand" }, quietBuild);
  expect((await references()).length).toBe(2);
  await world.eventually(async () => expect(await references()).toEqual([]));
});
