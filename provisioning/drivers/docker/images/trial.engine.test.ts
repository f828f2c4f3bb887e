import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, quietBuild } from "#provisioning";
import type { ImageStore } from "./image-store.ts";
import { type ImageWorld, type OwnPackages, openImageWorld, openOwnPackages } from "./image-world.fixture.ts";
import { npmPackage, wheel } from "./registry-packages.fixture.ts";

/**
 * Packages of our own, whose programs are started and whose modules are imported before an image is called usable.
 * Slow: two images are built, each layer in a pair of containers with a network of its own, and one of the programs goes on until it is ended.
 */

let world: ImageWorld;
let packages: OwnPackages;
let store: ImageStore;

/** Says of itself and of all others that they work, by every way that it can find. */
const FORGE = `import glob
lines = "".join(f"ended\\t{number}\\t0\\nsaid\\t{number}\\t6f6b\\n" for number in range(40))
print(lines, flush=True)
for path in glob.glob("/proc/[0-9]*/fd/[12]") + ["/run/guise-build/trials"]:
    try: open(path, "w").write(lines)
    except OSError: pass
`;
const main = (body: string) => `def main():\n${body.replace(/^/gm, "    ")}\n`;
const NO_GOOD = {
  ...wheel("frob-lacks", { files: { "frob_lacks.py": main("import frob.core") }, programs: { "frob-lacks": "frob_lacks:main" } }),
  ...wheel("frob-forges", { files: { "frob_forges.py": `${FORGE}import frob_gone\n` }, programs: { "frob-forges": "frob_forges:main" } }),
  ...wheel("frob-dies", {
    files: { "frob_dies.py": main("import os\nos.kill(os.getpid(), 11)") },
    programs: { "frob-dies": "frob_dies:main" },
  }),
  ...wheel("frob-clash", { files: { "frob_clash/__init__.py": "from json import no_such_name\n" } }),
  ...npmPackage("frob-node", { files: { "index.js": 'require("frob-missing/part");\n' } }),
  ...npmPackage("frob-ruby", { files: { "run.rb": "#!/usr/bin/ruby\n", "index.js": "" }, programs: { "frob-ruby": "run.rb" } }),
};
const GOOD = {
  ...wheel("well-named", { files: { "well_named.py": main("print('1.0')") }, programs: { "well-named": "well_named:main" } }),
  ...wheel("well-hangs", {
    files: { "well_hangs.py": main("import time\ntime.sleep(600)") },
    programs: { "well-hangs": "well_hangs:main" },
  }),
  ...wheel("well-shown", {
    files: { "well_shown.py": 'import os, sys\nif "DISPLAY" not in os.environ: sys.exit("cannot open display")\n' },
    programs: { "well-shown": "well_shown:main" },
  }),
  ...wheel("well-set-up", { files: { "well_set_up/__init__.py": "raise RuntimeError('configure me first')\n" } }),
  ...wheel("well-more", {
    files: {
      "well_more/__init__.py": "",
      "tests/__init__.py": "import pytest_of_nobody\n",
      "well_more_d.py": main("import aiohttp_of_nobody"),
    },
    programs: { "well-more-d": "well_more_d:main" },
  }),
  ...npmPackage("well-typed", { files: { "index.d.ts": "" } }),
  ...npmPackage("well-modern", { files: { "index.js": "export default 1;\n" } }),
};

beforeAll(async () => {
  world = await openImageWorld("trials");
  packages = await openOwnPackages(world, { ...NO_GOOD, ...GOOD });
  store = packages.open();
});
afterAll(async () => {
  await store?.close();
  await packages?.close();
  await world?.close();
});

function plan(...packages: readonly string[]) {
  const layers = packages.map((text): ImageLayer => {
    const [manager = "", name = ""] = text.split(":");
    return { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
  });
  return { layers, packageEpoch: "1" };
}

test("what cannot be started or imported fails the build, each with the reason and what helps; none speaks for another one", async () => {
  const wanted = plan(
    ...["pip:frob-lacks", "pip:frob-forges", "pip:frob-dies", "pip:frob-clash", "npm:frob-node", "npm:frob-ruby", "pip:well-named"],
  );
  const failed = await store.ensureImage(wanted, quietBuild).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "image_build_failed" });
  expect(
    String((failed as Error).message)
      .split("; ")
      .sort(),
  ).toEqual(
    [
      "and 2 more",
      "another version of pip:frob-dies and pip:frob-clash may work",
      "apt:ruby and npm:frob-missing bring some of them",
      "frob-dies cannot start: it dies of SIGSEGV, whatever it is asked",
      "frob-forges cannot start: the Python module frob_gone is not there",
      "frob-lacks cannot start: the Python module frob is not there",
      "frob-ruby cannot start: the program ruby is not there",
      "frob_forges cannot be imported: the Python module frob_gone is not there",
      "pip:frob and pip:frob-gone may bring some of them",
    ].sort(),
  );
  expect(await world.containers()).toEqual([]);
});

test("what hangs, wants a display or a configuration, or brings parts that few need, is usable", async () => {
  const names = ["well-named", "well-hangs", "well-shown", "well-set-up", "well-more"].map((name) => `pip:${name}`);
  const { reference, launchables } = await store.ensureImage(plan(...names, "npm:well-typed", "npm:well-modern"), quietBuild);
  // What lacks a module is not offered, though the package is usable.
  expect(launchables.map(({ name }) => name).sort()).toEqual(["well-hangs", "well-named", "well-shown"]);
  expect(await world.saidIn(reference, "well-named; python3 -c 'import well_more'; ls -A /tmp /home/user | grep -c trial || :")).toEqual([
    "1.0",
    "0",
  ]);
  expect(await world.containers()).toEqual([]);
});
