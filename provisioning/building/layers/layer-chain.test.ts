import { expect, test } from "vitest";
import type { ImageLayer, ImagePlan } from "#provisioning";
import type { LockedPackage } from "../python/lock.ts";
import { imageAddress, layerChain, nodeWorkshopChain, pythonLayer, reclosedAddress } from "./layer-chain.ts";

const jq: ImageLayer = { application: "jq", manager: "apt", packages: ["jq"] };
const lab: ImageLayer = { application: "jupyterlab", manager: "pip", packages: ["jupyterlab==4.*"] };
const ruff: ImageLayer = { application: "ruff", manager: "pipx", packages: ["ruff"] };
const prettier: ImageLayer = { application: "prettier", manager: "npm", packages: ["prettier"] };
const own = (manager: ImageLayer["manager"], name: string): ImageLayer => ({
  application: `${manager}:${name}`,
  manager,
  packages: [name],
});
const plan = (...layers: ImageLayer[]): ImagePlan => ({ layers, packageEpoch: "1" });
const locked = (name: string, more: Partial<LockedPackage> = {}): LockedPackage => {
  return { name, version: "1.0", hashes: ["a".repeat(64)], bytes: 1, neededBy: [], ...more };
};
const LOCK = [locked("jupyterlab")];
const lockOf = ({ layers }: ImagePlan) => (layers.some(({ manager }) => manager === "pip") ? LOCK : []);
const chainOf = (image: ImagePlan, base = "sha256:b", closing = "c", lock = lockOf(image)) => layerChain(image, base, closing, lock);
const addresses = (...of: Parameters<typeof chainOf>) => chainOf(...of).map(({ address }) => address);

test("runtimes come once, before the first that needs them; what is heavy and shared comes first", () => {
  expect(chainOf(plan(jq)).map(({ maker }) => maker)).toEqual(["apt", "close"]);
  expect(chainOf(plan(jq, prettier, ruff, lab)).map(({ application }) => application)).toEqual([
    "python",
    "jupyterlab",
    "ruff",
    "jq",
    "node",
    "prettier",
    "",
  ]);
});

test("a Node that was chosen takes the place of the newest; a locale comes after all that others may share", () => {
  const node: ImageLayer = { application: "node", manager: "node", packages: ["20"] };
  const german: ImageLayer = { application: "locale", manager: "locale", packages: ["de_DE"] };
  const chain = (image: ImagePlan) => chainOf(image).map(({ maker, packages }) => [maker, ...packages].join(" "));
  expect(chain(plan(german, prettier, node))).toEqual(["node 20", "npm prettier", "locale de_DE", "close"]);
  expect(chain(plan(prettier))).toEqual(["node", "npm prettier", "close"]);
  expect(chain(plan(node))).toEqual(["node 20", "close"]);
  expect(nodeWorkshopChain(plan(node), "b").at(-1)).toMatchObject({ maker: "node", packages: ["20"] });
});

test("packages outside the catalog are one layer of each manager, however many they are", () => {
  const many = plan(own("apt", "a"), jq, own("apt", "b"), own("npm", "c"), own("npm", "d"));
  expect(chainOf(many).map(({ application, packages }) => [application, ...packages])).toEqual([
    ["jq", "jq"],
    ["packages", "a", "b"],
    ["node"],
    ["npm packages", "c", "d"],
    [""],
  ]);
});

test("what is small of the catalog goes with them; alone it keeps its name, and beside other sources it stays apart", () => {
  const small = (application: string): ImageLayer => ({ application, manager: "apt", packages: [application], isSmall: true });
  const chain = (image: ImagePlan) => chainOf(image).map(({ application, packages }) => [application, ...packages].join(" "));
  expect(chain(plan(small("psql"), jq, small("rg"), own("apt", "a")))).toEqual(["jq jq", "packages psql rg a", ""]);
  expect(chain(plan(jq, small("rg")))).toEqual(["jq jq", "rg rg", ""]);
  expect(chain(plan(small("psql"), small("rg")))).toEqual(["packages psql rg", ""]);
  const source = { source: "x", manager: "apt", url: "https://apt.example.com", suites: ["x"], components: ["x"], groups: [] } as never;
  expect(chain({ ...plan(small("psql"), small("rg"), own("apt", "a")), sources: [source] })).toEqual([
    "small packages psql rg",
    "packages a",
    "",
  ]);
});

test("all Python packages go into one environment, programs that stand alone into their own", () => {
  const targets = chainOf(plan(lab, own("pip", "polars"), ruff), "b", "c", [...LOCK, locked("polars")]).map(({ target }) => target);
  expect(targets).toEqual(["/", "/opt/guise/python", "/opt/guise/pipx/ruff", "/opt/guise/python", "/"]);
});

test("one small Python package more or another leaves all layers but its own", () => {
  const chain = (version: string) => {
    return addresses(plan(lab, own("pip", "humanize"), jq, prettier), "b", "c", [...LOCK, locked("humanize", { version })]);
  };
  const [before, after] = [chain("1"), chain("2")];
  expect(before.slice(0, -2)).toEqual(after.slice(0, -2));
  expect(before.at(-2)).not.toBe(after.at(-2));
});

test("equal plans have equal addresses, and common beginnings are shared", () => {
  expect(addresses(plan(jq, lab))).toEqual(addresses(plan(jq, lab)));
  const [a, b] = [addresses(plan(lab, jq)), addresses(plan(lab, prettier))];
  expect(b.slice(0, 2)).toEqual(a.slice(0, 2));
  expect(a[0]).toBe(pythonLayer(plan(lab), "sha256:b").address);
  expect(a.at(-1)).not.toBe(b.at(-1));
});

test("the image is known before anything is resolved; its layers by what was resolved", () => {
  expect(addresses(plan(lab)).at(-1)).toBe(imageAddress(plan(lab), "sha256:b", "c"));
  const newer = addresses(plan(lab), "sha256:b", "c", [locked("jupyterlab", { version: "2.0" })]);
  const rebuilt = addresses(plan(lab), "sha256:b", "c", [locked("jupyterlab", { hashes: ["b".repeat(64)] })]);
  for (const other of [newer, rebuilt]) {
    expect(other[0]).toBe(addresses(plan(lab))[0]);
    expect(other[1]).not.toBe(addresses(plan(lab))[1]);
    expect(other[2]).toBe(addresses(plan(lab))[2]);
  }
});

test.each([
  ["the base", addresses(plan(jq), "sha256:other")],
  ["the epoch", addresses({ layers: [jq], packageEpoch: "2" })],
  ["a version", addresses(plan({ ...jq, packages: ["jq=1"] }))],
  ["the application", addresses(plan({ ...jq, application: "other" }))],
])("another address when %s changes", (_, other) => {
  for (const [index, address] of addresses(plan(jq)).entries()) expect(other[index]).not.toBe(address);
});

test("what was built before is no part of an address", () => {
  expect(addresses({ ...plan(jq), recorded: "r" })).toEqual(addresses(plan(jq)));
  expect(reclosedAddress("r", "one")).not.toBe(reclosedAddress("r", "two"));
});

test("a change of Guise's own files rebuilds the closing layer alone", () => {
  const before = addresses(plan(jq, lab), "b", "one");
  const after = addresses(plan(jq, lab), "b", "two");
  expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
  expect(after.at(-1)).not.toBe(before.at(-1));
});
