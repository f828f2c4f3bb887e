import { expect, test } from "vitest";
import { BacklogPacking } from "./backlog-packing.ts";

test("single bytes for a reader that is behind become one block per turn of the event loop", async () => {
  const packing = new BacklogPacking();
  const delivered: Buffer[] = [];
  for (let i = 0; i < 1000; i++) packing.add(3, "data", Buffer.from([i & 255]), (data) => delivered.push(data));
  expect(packing.waiting(3)).toBe(1000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(delivered.map((data) => data.length)).toEqual([1000]);
  expect(packing.waiting(3)).toBe(0);
});

test("what waits is handed on before an end is told, in its lanes and in order", () => {
  const packing = new BacklogPacking();
  const delivered: string[] = [];
  packing.add(1, "data", Buffer.from("a"), (data) => delivered.push(`data ${data}`));
  packing.add(1, "error", Buffer.from("x"), (data) => delivered.push(`error ${data}`));
  packing.add(1, "data", Buffer.from("b"), (data) => delivered.push(`data ${data}`));
  packing.flush(1);
  expect(delivered).toEqual(["data ab", "error x"]);
});

test("a reader that keeps up is not packed; once packing, all goes the same way", () => {
  const packing = new BacklogPacking();
  expect(packing.isBacklogged(1, 1000)).toBe(false);
  expect(packing.isBacklogged(1, 100_000)).toBe(true);
  packing.add(1, "data", Buffer.from("a"), () => {});
  expect(packing.isBacklogged(1, 0)).toBe(true);
});
