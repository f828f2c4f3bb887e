import { afterAll, beforeAll, expect, test } from "vitest";
import { type EngineWorld, LABELS, openEngineWorld, quietReport, sandboxSpec } from "#drivers/docker/engine-world";
import { silentLog } from "#foundation";
import { ImageCollector } from "#lifecycle";
import { type Driver, type ImageLayer, quietBuild } from "#provisioning";

/**
 * Images that share a layer, on a real engine: what is removed, and what that frees.
 * Slow: it is the first that needs the base images, which are made then; six images are built on them.
 */
const installation = `collection-${process.pid}`;
let world: EngineWorld;
let driver: Driver;

const jq: ImageLayer = { application: "jq", manager: "apt", packages: ["jq"] };
const bc: ImageLayer = { application: "bc", manager: "apt", packages: ["bc"] };
const plan = (...layers: readonly ImageLayer[]) => ({ layers, packageEpoch: "collection" });

beforeAll(async () => {
  world = await openEngineWorld({ ownImages: installation });
  ({ driver } = await world.driver());
});
afterAll(() => world?.close());

/** Needed are the images named; all others may go. */
function collectorOf(needed: readonly string[]): ImageCollector {
  const times = { isOrphan: false, revision: 1, builtAt: 0, usedAt: 0, current: true };
  const records = needed.map((reference, version) => ({ persona: "p", version, reference, ...times }));
  const holders = records.map(({ version, reference }) => ({
    ...{ workspace: `w-${version}`, persona: "p", version, state: "suspended" as const, reference },
  }));
  const repository = { images: async () => ({ records, holders }), forgetImage: async () => {} };
  return new ImageCollector({ repository, driver, known: { forget() {} }, log: silentLog, budget: 0 });
}

test("an image frees what nobody else needs; its layers go when nothing stands on them; what is used or needed stays", async () => {
  const small = await driver.ensureImage(plan(jq), quietBuild);
  const large = await driver.ensureImage(plan(jq, bc), quietBuild);
  const stored = async (reference: string) => (await driver.images()).find((image) => image.reference === reference);
  const shared = (await stored(small.reference))?.standsOn ?? "";
  const onlyLarge = (await stored(large.reference))?.standsOn ?? "";
  expect((await stored(onlyLarge))?.standsOn).toBe(shared);
  expect(await stored(shared)).toMatchObject({ kind: "layer", standsOn: undefined });
  const taken = (await driver.images()).reduce((sum, { bytes }) => sum + bytes, 0);
  expect((await stored(shared))?.bytes).toBeGreaterThan(100_000);

  const { handle, channel } = await driver.start(sandboxSpec(large.reference), quietReport);
  // The world's own image is kept for the tests after this one.
  const keeping = await collectorOf([world.image]).collect();
  expect(keeping.removed).toContain(small.reference);
  expect(keeping.left).toBe(taken - keeping.freed);
  for (const reference of [large.reference, onlyLarge, shared]) expect(await stored(reference), reference).toBeDefined();
  expect((await channel.run("bc --version && jq --version")).exit).toBe(0);
  channel.close();
  await driver.destroy(handle, { grace: 0, keepHome: false });

  // As of a suspended workspace: needed, though nothing runs on it.
  await collectorOf([world.image, large.reference]).collect();
  expect(await stored(large.reference)).toBeDefined();

  const [all] = await Promise.all([collectorOf([world.image]).collect()]);
  expect(all.removed).toEqual([large.reference, onlyLarge, shared]);
  expect((await driver.images()).map(({ reference }) => reference)).toEqual([world.image]);
  // Also none without a name; others' images on this engine are not looked at.
  const filters = { label: [`${LABELS.installation}=${installation}`] };
  const tags = (await world.client.listImages({ all: true, filters })).flatMap(({ RepoTags }) => RepoTags ?? ["<none>"]);
  expect(tags).toEqual([world.image]);
});

test("a build holds its layers: a collection beside it removes none of them", async () => {
  let collecting: Promise<unknown> = Promise.resolve();
  const collector = collectorOf([world.image]);
  const report = {
    ...quietBuild,
    progress: (message: string) => {
      if (message.includes("storing the layer")) collecting = collecting.then(() => collector.collect());
    },
  };
  const building = driver.ensureImage(plan(jq, bc), report);
  const built = await building;
  await collecting;
  expect(await driver.ensureImage(plan(jq, bc), quietBuild)).toEqual(built);
  const { handle, channel } = await driver.start(sandboxSpec(built.reference), quietReport);
  expect((await channel.run("bc --version && jq --version")).exit).toBe(0);
  channel.close();
  await driver.destroy(handle, { grace: 0, keepHome: false });
});
