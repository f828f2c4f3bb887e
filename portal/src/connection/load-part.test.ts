import { expect, test } from "vitest";
import { loadPart } from "./load-part.ts";

/** A network that is down for so many tries. */
function network(down: number) {
  let tries = 0;
  const waited: number[] = [];
  return {
    waited,
    load: async () => {
      if (tries++ < down) throw new TypeError("Failed to fetch");
      return "part";
    },
    tools: { answers: async () => tries >= down, wait: async (milliseconds: number) => void waited.push(milliseconds) },
  };
}

test("a part comes when the connection is back", async () => {
  const { load, tools, waited } = network(5);
  expect([await loadPart(load, tools), waited.length]).toEqual(["part", 5]);
});

test("a part of which one thing after another was lost when the network changed comes while Guise answers", async () => {
  const { load, tools } = network(4);
  expect(await loadPart(load, { ...tools, answers: async () => true })).toBe("part");
});

test("a part that is not there any more is a fault", async () => {
  const gone = async () => {
    throw new TypeError("Failed to fetch");
  };
  await expect(loadPart(gone, { answers: async () => true, wait: async () => {} })).rejects.toThrow("Failed to fetch");
});
