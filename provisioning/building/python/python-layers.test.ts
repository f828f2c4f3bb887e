import { expect, test } from "vitest";
import type { ImageLayer } from "#provisioning";
import type { LockedPackage } from "./lock.ts";
import { pythonLayers } from "./python-layers.ts";

const MB = 2 ** 20;
const locked = (name: string, megabytes: number, ...neededBy: string[]): LockedPackage => {
  return { name, version: "1", hashes: [], bytes: megabytes * MB, neededBy };
};
const catalog = (application: string, ...packages: string[]): ImageLayer => ({ application, manager: "pip", packages });
const own = (argument: string): ImageLayer => ({ application: `pip:${argument}`, manager: "pip", packages: [argument] });
const divided = (lock: readonly LockedPackage[], ...asked: readonly ImageLayer[]) =>
  pythonLayers(lock, asked).map(({ application, packages }) => [application, ...packages.map(({ name }) => name)]);

const LAB = [locked("jupyterlab", 12), locked("tornado", 1, "jupyterlab"), locked("pip", 2)];

test("an application's packages, with all that they need, are one layer whatever else is asked for", () => {
  const lab = catalog("jupyterlab", "jupyterlab==4.*");
  expect(divided(LAB, lab)).toEqual([
    ["jupyterlab", "jupyterlab", "tornado"],
    ["Python packages", "pip"],
  ]);
  const more = divided([...LAB, locked("six", 1), locked("polars", 40)], lab, own("six"), own("Polars[all]>=1,<2"));
  expect(more[0]).toEqual(["jupyterlab", "jupyterlab", "tornado"]);
  expect(more.slice(1)).toEqual([
    ["polars", "polars"],
    ["Python packages", "pip", "six"],
  ]);
});

test("heavy ones go first, with what only they need; what an earlier layer has counts no more", () => {
  const lock = [locked("torch", 800), locked("numpy", 20, "torch", "pandas", "scipy"), locked("scipy", 35), locked("pandas", 13)];
  expect(divided(lock, own("pandas"), own("scipy"), own("torch"))).toEqual([
    ["torch", "torch", "numpy"],
    ["scipy", "scipy"],
    ["Python packages", "pandas"],
  ]);
});

test("circles end, and there is no end of layers", () => {
  expect(divided([locked("a", 1, "b"), locked("b", 1, "a")], own("a"))).toEqual([["Python packages", "a", "b"]]);
  const names = Array.from({ length: 40 }, (_, number) => `p${number}`);
  const layers = divided(
    names.map((name) => locked(name, 64)),
    ...names.map(own),
  );
  expect(layers.length).toBe(13);
  expect(layers.flatMap(([, ...packages]) => packages).length).toBe(40);
});
