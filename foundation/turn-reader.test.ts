import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { TurnReader } from "./turn-reader.ts";

/** Reads so many bytes; `dear` of the slices take long. Resolves with the sizes of the slices. */
async function slicesOf(bytes: number, isDear: (slice: number) => boolean): Promise<number[]> {
  const raw = new PassThrough({ highWaterMark: 2 ** 20 });
  const sizes: number[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const take = (slice: Buffer) => {
    sizes.push(slice.length);
    const until = performance.now() + (isDear(sizes.length) ? 3 : 0);
    while (performance.now() < until);
    return true;
  };
  new TurnReader(raw, { slice: 1000, take, end: resolve, close: resolve });
  raw.end(Buffer.alloc(bytes));
  await ended;
  return sizes;
}

test("what costs little for its size comes in larger slices, and what costs much in the least from then on", async () => {
  const cheap = await slicesOf(500_000, () => false);
  expect(cheap.reduce((sum, size) => sum + size, 0)).toBe(500_000);
  expect(cheap.length).toBeLessThan(100);
  expect(Math.max(...cheap)).toBeLessThanOrEqual(65_536);
  const dear = await slicesOf(50_000, () => true);
  expect(dear.every((size) => size === 1000)).toBe(true);
  const turned = await slicesOf(200_000, (slice) => slice > 4);
  expect(turned.slice(6, -1).every((size) => size === 1000)).toBe(true);
});

test("a slice that is kept for later tells nothing of its cost: those after it stay small", async () => {
  const raw = new PassThrough({ highWaterMark: 2 ** 20 });
  const sizes: number[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const take = (slice: Buffer) => {
    sizes.push(slice.length);
    reader.resume();
    return false;
  };
  const reader = new TurnReader(raw, { slice: 1000, take, end: resolve, close: resolve });
  raw.end(Buffer.alloc(20_000));
  for (let turn = 0; turn < 40; turn++) {
    await new Promise(setImmediate);
    reader.resume();
  }
  await ended;
  expect(sizes).toEqual(Array.from({ length: 20 }, () => 1000));
});

test("nothing comes while there is no room, or after it was stopped", async () => {
  const raw = new PassThrough();
  let taken = 0;
  const reader = new TurnReader(raw, {
    slice: 1000,
    take: (slice) => {
      taken += slice.length;
      return false;
    },
    end() {},
    close() {},
  });
  raw.write(Buffer.alloc(10_000));
  await new Promise(setImmediate);
  expect(taken).toBe(1000);
  reader.resume();
  await new Promise(setImmediate);
  expect(taken).toBeLessThanOrEqual(3000);
  reader.stop();
  const before = taken;
  raw.destroy();
  await once(raw, "close");
  expect(taken).toBe(before);
});
