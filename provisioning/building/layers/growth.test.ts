import { expect, test } from "vitest";
import type { ImageLayer, ImagePlan } from "#provisioning";
import type { LockedPackage } from "../python/lock.ts";
import { type Ground, groundOf, grownChain, partsOf } from "./growth.ts";
import { belowOf, layerChain } from "./layer-chain.ts";

const layer = (text: string): ImageLayer => {
  const [manager = "", name = ""] = text.split(":");
  return { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
};
const locked = (text: string): LockedPackage => {
  const [name = "", version = "1"] = text.split("==");
  return { name, version, hashes: ["a".repeat(64)], bytes: 1, neededBy: [] };
};
const chainOf = (named: string, more: Partial<ImagePlan> = {}) => {
  const layers = named.split(" ").map(layer);
  const lock = layers.filter(({ manager }) => manager === "pip").map(({ packages }) => locked(packages[0] ?? ""));
  const plan = { layers, packageEpoch: "1", ...more };
  const chain = layerChain(plan, "base", "closing", lock);
  return { chain, parts: partsOf(chain, belowOf("base", plan.packageEpoch)) };
};
const groundFor = (named: string, { growths = 0, ...more }: Partial<ImagePlan> & { readonly growths?: number } = {}): Ground => {
  const { chain, parts } = chainOf(named, more);
  return { address: chain.at(-2)?.address ?? "", contents: { launchables: [], contents: [], grown: { parts, growths } } };
};
const left = (named: string, ground: Ground) =>
  grownChain(chainOf(named).chain, ground).map(({ maker, packages }) => [maker, ...packages].join(" "));

test.each([
  ["one Python package more", "pip:polars==1 apt:jq pip:humanize==1", ["pip humanize==1", "close"]],
  ["one of apt", "pip:polars==1 apt:jq apt:tig", ["apt tig", "close"]],
  ["the first of npm", "pip:polars==1 apt:jq npm:vite", ["node", "npm vite", "close"]],
  ["a locale and a program that stands alone", "pip:polars==1 apt:jq locale:de_DE pipx:ruff", ["pipx ruff", "locale de_DE", "close"]],
  ["the same in another order", "apt:jq pip:polars==1", ["close"]],
])("of %s only that is made", (_, named, expected) => {
  const ground = groundFor("pip:polars==1 apt:jq");
  expect(groundOf(chainOf(named).parts, [ground])).toBe(ground);
  expect(left(named, ground)).toEqual(expected);
  const addresses = grownChain(chainOf(named).chain, ground).map(({ address }) => address);
  // The image itself is where its plan says; what is put on the ground is nowhere else.
  expect(addresses.at(-1)).toBe(chainOf(named).chain.at(-1)?.address);
  for (const { address } of chainOf(named).chain.slice(0, -1)) expect(addresses).not.toContain(address);
});

test.each([
  ["another version of a package", groundFor("pip:polars==2 apt:jq")],
  ["a package that is not wanted", groundFor("pip:polars==1 apt:jq apt:tig")],
  ["another epoch", groundFor("apt:jq", { packageEpoch: "2" })],
  ["too many growths", groundFor("pip:polars==1 apt:jq", { growths: 6 })],
  [
    "packages from elsewhere",
    groundFor("apt:jq", {
      sources: [{ source: "own", manager: "apt", url: "https://apt.example.com", suites: ["x"], components: ["x"], key: "" }] as never,
    }),
  ],
])("nothing grows from what has %s", (_, ground) => {
  expect(groundOf(chainOf("pip:polars==1 apt:jq pip:humanize==1").parts, [ground])).toBeUndefined();
});

test("of several grounds the one with most is taken, then the one that grew least", () => {
  const [small, large, grown] = [groundFor("apt:jq"), groundFor("apt:jq apt:tig"), groundFor("apt:jq apt:tig", { growths: 1 })];
  for (const grounds of [
    [small, grown, large],
    [large, small, grown],
  ])
    expect(groundOf(chainOf("apt:jq apt:tig apt:vim").parts, grounds)).toBe(large);
  expect(groundOf(chainOf("apt:vim").parts, [small, large])).toBeUndefined();
});
