import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, quietBuild } from "#provisioning";
import type { ImageStore } from "./image-store.ts";
import { type ImageWorld, type OwnPackages, openImageWorld, openOwnPackages } from "./image-world.fixture.ts";
import { npmPackage, wheel } from "./registry-packages.fixture.ts";

/** What mirrors do that the tools themselves wait for: uv half a minute four times, npm a minute between two attempts. */

let world: ImageWorld;
let packages: OwnPackages;
let store: ImageStore;
beforeAll(async () => {
  world = await openImageWorld("long-mirrors");
  const text = `x = "${"x".repeat(300_000)}"\n`;
  const answers = {
    ...wheel("frob-stalls", { files: { "frob_stalls.py": text }, how: "stalls" }),
    ...npmPackage("frob-digest", { files: { "index.js": `// ${text}` }, otherDigest: true }),
  };
  packages = await openOwnPackages(world, answers);
  store = packages.open();
});
afterAll(async () => {
  await store?.close();
  await packages?.close();
  await world?.close();
});

test.each([
  [
    "pip:frob-stalls",
    /^what the mirror gives for frob-stalls 1\.0 is no package: it is broken, or broke off in the middle; try again later[^\n]*$/,
  ],
  ["npm:frob-digest", /^frob-digest-1\.0\.0\.tgz could not be fetched: the mirror gave another file than its index names [^\n]*$/],
])("%s ends in one sentence", async (wanted, message) => {
  const [manager = "", name = ""] = wanted.split(":");
  const layer: ImageLayer = { application: wanted, manager: manager as ImageLayer["manager"], packages: [name] };
  const plan = { layers: [layer], packageEpoch: "1" };
  await expect(store.ensureImage(plan, quietBuild)).rejects.toThrow(message);
  await store.close();
  expect([await store.findImage(plan), await world.containers()]).toEqual([undefined, []]);
});
