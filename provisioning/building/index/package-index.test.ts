import { beforeEach, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { ImageLayer } from "#provisioning";
import type { BoxExec, BuildBox, BuildSite } from "../build-box.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { PackageIndex } from "./package-index.ts";

const MIRRORS: HostMirrors = {
  suite: "x",
  apt: [],
  aptOptions: [],
  pipIndex: "http://pip.example/simple",
  npmRegistry: "http://npm.example",
  proxies: { http: undefined, https: undefined },
  authorities: "",
  reach: ["http://192.0.2.7/"],
};
const ANSWERS = "open 192.0.2.7 80";
const plan = (...layers: ImageLayer[]) => ({ layers, packageEpoch: "1" });
const own = (manager: ImageLayer["manager"], name: string): ImageLayer => ({
  application: `${manager}:${name}`,
  manager,
  packages: [name],
});
const signal = new AbortController().signal;

let clock: ManualClock;
let boxes: number;
let made: number;
let mirrors: HostMirrors;
/** What is said to the questions, and to whether the mirrors answer. */
let says: { examine: readonly string[]; probe: readonly string[] };
let index: PackageIndex;
beforeEach(() => {
  clock = new ManualClock();
  [boxes, made, mirrors, says] = [0, 0, MIRRORS, { examine: [], probe: [ANSWERS] }];
  const box: BuildBox = {
    exec: async (_, { input, onOutput }: BoxExec) => {
      const lines = input.includes("/ask-") ? says.examine : input.includes("/dev/tcp/") ? says.probe : [];
      onOutput("stdout", Buffer.from(lines.map((line) => `${line}\n`).join("")));
      return 0;
    },
    openMirrors: async () => {},
    closeMirrors: async () => {},
    store: async () => {},
    remove: async () => void boxes--,
  };
  const open = async () => {
    boxes++;
    made++;
    return box;
  };
  const site = { open } as unknown as BuildSite;
  index = new PackageIndex({ site, clock, log: silentLog, mirrors: async () => mirrors, python: async () => "python" });
});

test("one room serves all questions, until nobody has asked for a while or the mirrors are others", async () => {
  for (let turn = 0; turn < 3; turn++) await index.examine(plan(own("apt", "jq")), signal);
  expect([made, boxes]).toEqual([1, 1]);
  mirrors = { ...MIRRORS, npmRegistry: "http://other.example" };
  await index.examine(plan(own("apt", "jq")), signal);
  expect([made, boxes]).toEqual([2, 1]);
  clock.advance(10 * 60_000);
  await new Promise(setImmediate);
  expect(boxes).toBe(0);
  await index.examine(plan(), signal);
  await index.close();
  expect([made, boxes]).toEqual([3, 0]);
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
  });
});

test("Python packages that cannot be had together are told with the requirements at fault", async () => {
  says.examine = ["pip\trefused", "pip\tAnd because you require a==1 and b==2, we can conclude that your requirements are unsatisfiable."];
  expect(await index.examine(plan(own("pip", "a==1"), own("pip", "b==2"), own("pip", "c")), signal)).toMatchObject({
    missing: [],
    unresolved: { kind: "clash", requirements: ["a==1", "b==2"] },
  });
});

test("where a mirror does not answer nothing is missing; the next question begins in another room", async () => {
  says = { examine: ["apt\tmissing\tjq"], probe: [] };
  await expect(index.examine(plan(own("apt", "jq")), signal)).rejects.toMatchObject({ code: "mirror_unreachable" });
  expect(boxes).toBe(0);
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
