import { describe, expect, it } from "vitest";
import { BatchedReads } from "./batched-reads.ts";

/** Answers with the key in capitals, but for "none"; remembers each question. */
function reads() {
  const questions: (readonly string[])[] = [];
  const read = new BatchedReads(async (keys) => {
    questions.push(keys);
    return new Map(keys.filter((key) => key !== "none").map((key) => [key, key.toUpperCase()]));
  });
  return { questions, read };
}

describe("rows read together", () => {
  it("are one question for all that are asked for in a turn, each key once", async () => {
    const { questions, read } = reads();
    expect(await Promise.all(["a", "b", "a", "none"].map((key) => read.read(key)))).toEqual(["A", "B", "A", undefined]);
    expect(questions).toEqual([["a", "b", "none"]]);
  });

  it("are asked for anew by who comes later: what was read before may be old", async () => {
    const { questions, read } = reads();
    await read.read("a");
    await read.read("a");
    expect(questions).toEqual([["a"], ["a"]]);
  });

  it("are several questions where they are many", async () => {
    const { questions, read } = reads();
    const keys = Array.from({ length: 600 }, (_, at) => `k${at}`);
    expect(await Promise.all(keys.map((key) => read.read(key)))).toEqual(keys.map((key) => key.toUpperCase()));
    expect(questions.map(({ length }) => length)).toEqual([256, 256, 88]);
  });
});
