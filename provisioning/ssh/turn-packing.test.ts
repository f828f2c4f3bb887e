import { expect, test } from "vitest";
import { TurnPacking } from "./turn-packing.ts";

const MUCH = 100_000;

function world(buffered: number) {
  const packing = new TurnPacking();
  const delivered: string[] = [];
  const take = (lane: "data" | "error", text: string) =>
    packing.take({ channel: 1, lane, data: Buffer.from(text), buffered, deliver: (data) => delivered.push(`${lane} ${data}`) });
  return { packing, delivered, take };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("the first of a turn goes at once, what else comes in it is one block, in the order in which it came", async () => {
  const { packing, delivered, take } = world(0);
  take("data", "a");
  expect(delivered).toEqual(["data a"]);
  take("data", "b");
  take("data", "c");
  take("error", "x");
  take("data", "d");
  expect(packing.waiting(1)).toBe(4);
  await turn();
  expect(delivered).toEqual(["data a", "data bc", "error x", "data d"]);
  take("error", "y");
  expect(delivered.at(-1)).toBe("error y");
});

test("for a reader that is behind single bytes become one block of each lane per turn", async () => {
  const { packing, delivered, take } = world(MUCH);
  for (let count = 0; count < 1000; count++) {
    take("data", "a");
    take("error", "x");
  }
  expect(packing.waiting(1)).toBe(2000);
  await turn();
  expect(delivered).toEqual([`data ${"a".repeat(1000)}`, `error ${"x".repeat(1000)}`]);
  expect(packing.waiting(1)).toBe(0);
});

test("what waits is handed on before an end is told", () => {
  const { packing, delivered, take } = world(0);
  for (const text of ["a", "b"]) take("data", text);
  packing.flush(1);
  expect(delivered).toEqual(["data a", "data b"]);
  expect(packing.passes({ channel: 1, buffered: 0 })).toBe(true);
  expect(packing.passes({ channel: 1, buffered: MUCH })).toBe(false);
});
