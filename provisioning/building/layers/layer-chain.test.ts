import { expect, test } from "vitest";
import type { ImageLayer, ImagePlan } from "#provisioning";
import { layerChain } from "./layer-chain.ts";

const jq: ImageLayer = { application: "jq", manager: "apt", packages: ["jq"] };
const lab: ImageLayer = { application: "jupyterlab", manager: "pip", packages: ["jupyterlab"] };
const prettier: ImageLayer = { application: "prettier", manager: "npm", packages: ["prettier"] };
const plan = (...layers: ImageLayer[]): ImagePlan => ({ layers, packageEpoch: "1" });
const addresses = (image: ImagePlan, base = "sha256:b", closing = "c") => layerChain(image, base, closing).map(({ address }) => address);

test("runtimes come first, once, and only where a manager needs them", () => {
  expect(layerChain(plan(jq), "b", "c").map(({ maker }) => maker)).toEqual(["apt", "close"]);
  expect(layerChain(plan(jq, lab, prettier, lab), "b", "c").map(({ application }) => application)).toEqual([
    "python",
    "node",
    "jq",
    "jupyterlab",
    "prettier",
    "jupyterlab",
    "",
  ]);
});

test("equal plans have equal addresses, and common beginnings are shared", () => {
  expect(addresses(plan(jq, lab))).toEqual(addresses(plan(jq, lab)));
  const [a, b] = [addresses(plan(lab, jq)), addresses(plan(lab, prettier))];
  expect(a[0]).toBe(addresses(plan(lab))[0]);
  expect(a.at(-1)).not.toBe(b.at(-1));
});

test.each([
  ["the base", addresses(plan(jq), "sha256:other")],
  ["the epoch", addresses({ layers: [jq], packageEpoch: "2" })],
  ["a version", addresses(plan({ ...jq, packages: ["jq=1"] }))],
  ["the application", addresses(plan({ ...jq, application: "other" }))],
])("another address when %s changes", (_, other) => {
  for (const [index, address] of addresses(plan(jq)).entries()) expect(other[index]).not.toBe(address);
});

test("a change of Guise's own files rebuilds the closing layer alone", () => {
  const before = addresses(plan(jq, lab), "b", "one");
  const after = addresses(plan(jq, lab), "b", "two");
  expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
  expect(after.at(-1)).not.toBe(before.at(-1));
});
