import { beforeEach, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { ImageLayer } from "#provisioning";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { ANSWERS, MIRRORS, ScriptedSite } from "../scripted-site.fixture.ts";
import { PackageIndex } from "./package-index.ts";

const plan = (...layers: ImageLayer[]) => ({ layers, packageEpoch: "1" });
const own = (manager: ImageLayer["manager"], name: string): ImageLayer => ({
  application: `${manager}:${name}`,
  manager,
  packages: [name],
});
const signal = new AbortController().signal;

let clock: ManualClock;
let site: ScriptedSite;
let mirrors: HostMirrors;
/** What is said to the questions, and to whether the mirrors answer. */
let says: { examine: readonly string[]; probe: readonly string[] };
let index: PackageIndex;
beforeEach(() => {
  clock = new ManualClock();
  site = new ScriptedSite();
  [mirrors, says] = [MIRRORS, { examine: [], probe: [ANSWERS] }];
  site.words = (script) => (script === "examine" || script === "probe" ? { says: says[script] } : undefined);
  index = new PackageIndex({
    site,
    clock,
    log: silentLog,
    mirrors: async () => mirrors,
    python: async () => "python",
    sources: true,
    loginsOf: async () => new Map(),
  });
});

test("one room serves all questions, until nobody has asked for a while or the mirrors are others", async () => {
  for (let turn = 0; turn < 3; turn++) await index.examine(plan(own("apt", "jq")), signal);
  expect([site.parents.length, site.boxes]).toEqual([1, 1]);
  mirrors = { ...MIRRORS, npmRegistry: "http://other.example" };
  await index.examine(plan(own("apt", "jq")), signal);
  expect([site.parents.length, site.boxes]).toEqual([2, 1]);
  clock.advance(10 * 60_000);
  await new Promise(setImmediate);
  expect(site.boxes).toBe(0);
  await index.examine(plan(), signal);
  await index.close();
  expect([site.parents.length, site.boxes]).toEqual([3, 0]);
});

test("what is missing is told in the order in which it was named, apt's with the nearest name", async () => {
  says.examine = ["npm\tmissing\tnowhere", "apt\tmissing\tgnumerik", "apt\tknown\tgnumeric", "apt\tknown\tjq", "pip\tmissing\tnone"];
  const asked = plan(own("pip", "none"), own("apt", "jq"), own("apt", "gnumerik"), own("npm", "nowhere"));
  expect(await index.examine(asked, signal)).toEqual({
    missing: [
      { manager: "apt", argument: "gnumerik", nearest: "gnumeric" },
      { manager: "pip", argument: "none", nearest: undefined },
      { manager: "npm", argument: "nowhere", nearest: undefined },
    ],
    unresolved: undefined,
    asked: { apt: [], pip: ["pip.example"], npm: ["npm.example"] },
  });
});

test("Python packages that cannot be had together are told with the requirements at fault", async () => {
  says.examine = ["pip\trefused", "pip\tAnd because you require a==1 and b==2, we can conclude that your requirements are unsatisfiable."];
  expect(await index.examine(plan(own("pip", "a==1"), own("pip", "b==2"), own("pip", "c")), signal)).toMatchObject({
    missing: [],
    unresolved: { kind: "clash", requirements: ["a==1", "b==2"] },
  });
});

test("packages of apt that are all there and exclude each other are told together", async () => {
  says.examine = [
    "apt\tclash\t postfix : Conflicts: mail-transport-agent",
    "apt\tclash\t exim4 : Conflicts: postfix but 3 is to be installed",
  ];
  expect(await index.examine(plan(own("apt", "exim4"), own("apt", "jq"), own("apt", "postfix")), signal)).toMatchObject({
    missing: [],
    unresolved: { kind: "clash", manager: "apt", requirements: ["exim4", "postfix"] },
  });
});

test("where a mirror does not answer nothing is missing; the next question begins in another room", async () => {
  says = { examine: ["apt\tmissing\tjq"], probe: [] };
  await expect(index.examine(plan(own("apt", "jq")), signal)).rejects.toMatchObject({ code: "mirror_unreachable" });
  expect(site.boxes).toBe(0);
  says = { examine: ["apt\tE: broken list", "apt\tfailed"], probe: [ANSWERS] };
  await expect(index.examine(plan(own("apt", "jq")), signal)).rejects.toMatchObject({
    code: "mirror_unreachable",
    message: "the package lists of apt could not be read: E: broken list",
  });
  says = { examine: [], probe: [ANSWERS] };
  expect(await index.examine(plan(own("apt", "jq")), signal)).toEqual({ missing: [], unresolved: undefined });
});

test("a name that is an option is asked nowhere", async () => {
  await expect(index.examine(plan(own("apt", "-oDPkg::Pre-Invoke=id")), signal)).rejects.toMatchObject({ code: "refused_by_policy" });
});
