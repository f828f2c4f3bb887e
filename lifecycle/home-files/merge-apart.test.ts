import { expect, test } from "vitest";
import { systemClock } from "#foundation";
import { mergeApart } from "./merge-apart.ts";
import type { MergeJob } from "./merging.ts";

const job = (text: string, keys: Record<string, unknown> = { k: 1 }): MergeJob => ({
  file: Buffer.from(text),
  merging: { format: "json", keys, manner: "enforced" },
});

test("files are merged in a thread, whatever one of them is", async () => {
  const ends = await mergeApart(systemClock)([job("{}"), job("["), job("[".repeat(200_000)), job('{"k":2}')]);
  expect(ends.map(({ text, left }) => left ?? Buffer.from(text ?? []).toString())).toEqual([
    '{\n  "k": 1\n}',
    "not_readable",
    "not_readable",
    '{"k":1}',
  ]);
});

test("what takes too long is left, and many starts at once wait for each other", async () => {
  const hard = job(
    `{${Array.from({ length: 9000 }, (_, index) => `"a${index}": 0`).join(",\n")}}`,
    Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`a${index}`, 1])),
  );
  const merge = mergeApart(systemClock, 400);
  const began = performance.now();
  const ends = await Promise.all(Array.from({ length: 6 }, () => merge([hard])));
  expect(ends.flat()).toEqual(Array(6).fill({ left: "too_slow" }));
  expect(performance.now() - began).toBeLessThan(10_000);
});
