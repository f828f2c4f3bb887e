import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngineWorld } from "../test-support/engine-world.ts";
import { TEST_SLOT } from "../test-support/test-slot.ts";
import { BASE_TAR, saveImages } from "./foreign-dockerd.fixture.ts";
import { runApart } from "./run-apart.fixture.ts";

/**
 * Inside there is no way to the package mirrors: the images are made here.
 * Slow: each file starts an engine of somebody else's in a network of its own, and loads the images into it.
 */
beforeAll(async () => {
  const world = await openEngineWorld();
  await saveImages(world.facts.socketPath, TEST_SLOT.installation, world.image);
  await world.close();
});
afterAll(() => rm(BASE_TAR, { force: true }));

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".apart.test.ts"));

test("there are tests to run apart", () => expect(files.length).toBeGreaterThan(0));

test.each(files)("%s passes in a network of its own", (file) => runApart(file));
