import { afterAll, beforeAll, describe, test } from "vitest";
import { PROFESSIONS } from "./catalog/professions.ts";
import { Stage } from "./catalog/stage.ts";
import { World } from "./support/world.ts";

/**
 * Every application of the catalog is launched, does one thing that it is for, and has the settings that its persona gives. One image holds
 * those of a profession, so that there are twelve to build and not one for each. That none is left out: `tests/architecture/catalog-proofs.test.ts`.
 */
let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

describe.each(PROFESSIONS)("$persona", (profession) => {
  let stage: Stage | undefined;

  beforeAll(async () => {
    await Stage.publish(world, profession);
    stage = await Stage.open(world, profession);
  });
  afterAll(() => stage?.close());

  test.each(Object.entries(profession.applications))("%s", (application, proof) => stage?.prove(application, proof));
});
