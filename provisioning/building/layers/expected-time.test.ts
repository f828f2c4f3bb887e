import { expect, test } from "vitest";
import { expectedMs, LayerPace } from "./expected-time.ts";
import type { ChainLayer } from "./layer-chain.ts";

const layer = (over: Partial<ChainLayer>): ChainLayer => ({
  application: "a",
  maker: "apt",
  packages: ["a"],
  target: "/",
  address: "x",
  ...over,
});
const python = (bytes: number) => layer({ maker: "pip", lock: [{ name: "a", version: "1", hashes: [], bytes, neededBy: [] }] });

test("a layer takes longer the more is in it", () => {
  expect(expectedMs(layer({ packages: ["a", "b"] }))).toBeGreaterThan(expectedMs(layer({})));
  expect(expectedMs(python(100 * 2 ** 20)) - expectedMs(python(0))).toBe(15_000);
  expect(expectedMs(layer({ maker: "close", packages: [] }))).toBe(expectedMs(layer({ maker: "close" })));
});

test("what is expected follows how fast layers are made here; one bad clock is not believed", () => {
  const pace = new LayerPace();
  const of = [layer({}), python(0)];
  const usual = pace.expected(of);
  expect(usual).toBe(expectedMs(layer({})) + expectedMs(python(0)));
  for (let turn = 0; turn < 20; turn++) pace.learn(layer({}), 3 * expectedMs(layer({})));
  expect(pace.expected(of) / usual).toBeCloseTo(3, 1);
  pace.learn(layer({}), Number.MAX_SAFE_INTEGER);
  expect(pace.expected(of) / usual).toBeLessThan(10);
  for (let turn = 0; turn < 60; turn++) pace.learn(layer({}), 0);
  expect(pace.expected(of) / usual).toBeCloseTo(0.2, 2);
});
