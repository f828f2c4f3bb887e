import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { type ImageLayer, type ImageReport, quietBuild } from "#provisioning";
import { type ImageWorld, type OwnPackages, openImageWorld, openOwnPackages } from "./image-world.fixture.ts";
import { npmPackage, wheel } from "./registry-packages.fixture.ts";

/**
 * What mirrors and packages do that no build can make good, and what becomes of it; after each no container and no image is left.
 *
 * | input | outcome |
 * | --- | --- |
 * | a file that is not what its index says | "… its digest differs, and it was not taken …" |
 * | a mirror that breaks off in the middle | "… broke off in the middle, however often it was asked …" |
 * | a mirror that gives nothing any more | ended once it has said nothing for fifteen minutes |
 * | a package that takes 2 GiB where there is no room | `disk_full`, with what is free and what to remove |
 * | a package with 300 dependencies | an image with all of them |
 *
 * With real time, which takes minutes: `bad-mirrors.long.test.ts`. Lists that are no good: `persona/importing/import-bounds.test.ts`; names that are
 * no names: `applications/managers/managers.test.ts`.
 *
 * Slow: five images are built, and what a mirror breaks off is asked for again, with pauses, by each tool.
 */

const MANY = Array.from({ length: 300 }, (_, at) => `frob-part-${at}`);
let world: ImageWorld;
let packages: OwnPackages;

beforeAll(async () => {
  world = await openImageWorld("bad-mirrors");
  const text = `x = "${"x".repeat(300_000)}"\n`;
  const answers = {
    ...wheel("frob-digest", { files: { "frob_digest.py": text }, otherDigest: true }),
    ...wheel("frob-cut", { files: { "frob_cut.py": text }, how: "cut" }),
    ...wheel("frob-stalls", { files: { "frob_stalls.py": text }, how: "stalls" }),
    ...npmPackage("frob-cut", { files: { "index.js": `// ${text}` }, how: "cut" }),
    ...wheel("frob-large", { files: { "frob_large.py": "" }, zeros: 2048 }),
    ...wheel("frob-many", { files: { "frob_many.py": MANY.map((name) => `import ${name.replaceAll("-", "_")}\n`).join("") }, needs: MANY }),
  };
  const parts = MANY.map((name) => wheel(name, { files: { [`${name.replaceAll("-", "_")}.py`]: "" } }));
  packages = await openOwnPackages(world, Object.assign({}, answers, ...parts));
});
afterAll(async () => {
  await packages?.close();
  await world?.close();
});

function plan(text: string) {
  const [manager = "", name = ""] = text.split(":");
  const layer: ImageLayer = { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
  return { layers: [layer], packageEpoch: "1" };
}

/** What a build says where it comes to `step`. */
function at(step: RegExp, act: () => void): ImageReport {
  let done = false;
  return {
    ...quietBuild,
    progress(message) {
      if (done || !step.test(message)) return;
      done = true;
      act();
    },
  };
}

test.each([
  [
    "pip:frob-digest",
    /^frob-digest==1\.0 could not be fetched: the mirror gave another file than its index names \(its digest differs\)[^\n]*$/,
  ],
  [
    "pip:frob-cut",
    /^what the mirror gives for frob-cut 1\.0 is no package: it is broken, or broke off in the middle; try again later[^\n]*$/,
  ],
  [
    "npm:frob-cut",
    /^(?:npm:frob-cut|npm packages|frob-cut-1\.0\.0\.tgz) could not be fetched: the mirror broke off in the middle, [^\n]*$/,
  ],
])("%s ends in one sentence", async (wanted, message) => {
  const store = packages.open();
  await expect(store.ensureImage(plan(wanted), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(message),
  });
  await store.close();
  expect([await store.findImage(plan(wanted)), await world.containers()]).toEqual([undefined, []]);
});

test("a mirror that gives nothing any more is waited for, and then no longer", async () => {
  const clock = new ManualClock();
  const store = packages.open({ clock });
  let ended = false;
  const failed = store.ensureImage(plan("pip:frob-stalls"), quietBuild).then(
    () => undefined,
    (error: unknown) => {
      ended = true;
      return error;
    },
  );
  await packages.asked("/files/frob_stalls-1.0-py3-none-any.whl");
  // The watch looks every two seconds, and asks for the disk each time.
  while (!ended) {
    clock.advance(2_000);
    await new Promise(setImmediate);
  }
  expect(await failed).toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(/^the build said nothing for 15 ?m[a-z]* and was ended$/),
  });
  await store.close();
  expect([await store.findImage(plan("pip:frob-stalls")), await world.containers()]).toEqual([undefined, []]);
});

test("a package that takes 2 GiB where there is no room is ended, as that", async () => {
  const work = await mkdtemp("/var/tmp/guise-small-disk-");
  const mount = (...args: readonly string[]) => execFileSync("mount", [...args, "none", work]);
  mount("-t", "tmpfs", "-o", "size=4g");
  try {
    const store = packages.open({ work });
    const report = at(/(?<!^python): fetching/i, () => mount("-o", "remount,size=64m"));
    await expect(store.ensureImage(plan("pip:frob-large"), report)).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringMatching(/^a build needs 1 ?GiB? of free disk; [^\n]+$/i),
    });
    await store.close();
    expect([await store.findImage(plan("pip:frob-large")), await world.containers()]).toEqual([undefined, []]);
  } finally {
    execFileSync("umount", [work]);
    await rm(work, { recursive: true });
  }
});

test("a package with 300 dependencies has them all", async () => {
  const store = packages.open();
  const { reference, contents } = await store.ensureImage(plan("pip:frob-many"), quietBuild);
  expect(contents.filter(({ name }) => name.startsWith("frob-")).length).toBe(301);
  expect(await world.saidIn(reference, "python3 -c 'import frob_many; print(frob_many.frob_part_299.__name__)'")).toEqual([
    "frob_part_299",
  ]);
  await store.close();
  expect(await world.containers()).toEqual([]);
});
