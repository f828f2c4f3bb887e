import { BASES, type BaseName } from "@guise/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, type ImagePlan, quietBuild } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "../test-support/engine-world.ts";

/** Images on each base that a persona may choose, built and run on a real engine. The other base is made for it: two minutes. */

let world: EngineWorld;
beforeAll(async () => {
  world = await openEngineWorld({ ownImages: "long-bases", toolchain: true });
});
afterAll(async () => {
  // The box in which the mirrors are asked waits for more questions.
  await world?.images.close();
  await world?.close();
});

const planOn = (base: BaseName, ...packages: readonly string[]): ImagePlan => {
  const layers = packages.map((text): ImageLayer => {
    const [manager = "", name = ""] = text.split(":");
    return {
      application: manager === "node" || manager === "locale" ? manager : text,
      manager: manager as ImageLayer["manager"],
      packages: [name],
    };
  });
  return { base, layers, packageEpoch: "1" };
};

/** Names as they are on both, where one of them calls a package otherwise, too. */
const PACKAGES = [
  ...["pip:polars", "pip:docopt", "pip:opencv-python", "pipx:httpie", "apt:libgl1", "apt:libglib2.0-0", "apt:jq"],
  ...["npm:better-sqlite3", "node:22", "locale:de_DE"],
];
const SCRIPT = `set -e
python3 -c 'import cv2, docopt, polars, sys; print("python %d.%d" % sys.version_info[:2])'
node -e 'new (require("better-sqlite3"))(":memory:"); console.log("node", process.versions.node.split(".")[0])'
http --version > /dev/null; echo '{"a": "jq works"}' | jq -r .a
TZ=Asia/Calcutta date +%Z; printf 'z\\nä\\n' | LC_ALL=de_DE.UTF-8 sort | head -1
id -un; . /etc/os-release; echo $VERSION_CODENAME`;

test.each(Object.entries(BASES))(
  "%s: packages of every manager meet, a sandbox of it is entered, and its packages are found",
  async (name, { suite, python }) => {
    const base = name as BaseName;
    const plan = planOn(base, ...PACKAGES);
    expect(await world.images.examine(plan)).toEqual({ missing: [], unresolved: undefined });
    const { reference, launchables } = await world.images.ensureImage(plan, quietBuild);
    expect(launchables.map(({ name }) => name)).toEqual(expect.arrayContaining(["http", "jq"]));
    const { driver } = await world.driver();
    const { handle, channel } = await driver.start(sandboxSpec(reference), quietReport);
    const { stdout, stderr, exit } = await channel.run("bash --login -s", { input: SCRIPT });
    expect([stdout.split("\n").filter(Boolean), exit, exit === 0 || stderr]).toEqual([
      [`python ${python}`, "node 22", "jq works", "IST", "ä", "user", suite],
      0,
      true,
    ]);
    channel.close();
    await driver.destroy(handle, { grace: 0, keepHome: false });
  },
);

test("a package that wants another Python is told with what fits", async () => {
  const { unresolved } = await world.images.examine(planOn("debian-12", "pip:tensorflow==2.11"));
  expect(unresolved?.message).toMatch(
    /^tensorflow 2\.11\.0 needs Python 3\.7 to 3\.10; here is 3\.11: take 2\.12\.0 to 2\.\d+\.\d+ of it$/,
  );
  const older = await world.images.examine(planOn("debian-13", "pip:tensorflow==2.12"));
  expect(older.unresolved?.message).toMatch(
    /^tensorflow 2\.12\.0 needs Python 3\.8 to 3\.11; here is 3\.13: take 2\.\d+\.\d+ (?:to 2\.\d+\.\d+ )?of it, or give the persona "base": "debian-12", which has 3\.11$/,
  );
});
