import { expect, test } from "vitest";
import { promptly } from "./engine-errors.ts";

test("an engine that takes a call and says nothing is unreachable", async () => {
  await expect(promptly(new Promise(() => {}), 20)).rejects.toMatchObject({ code: "engine_unreachable" });
});

test("an answer in time is given on, good or bad, and one that comes late disturbs nobody", async () => {
  expect(await promptly(Promise.resolve(7), 1_000)).toBe(7);
  await expect(promptly(Promise.reject(new Error("no")), 1_000)).rejects.toThrow("no");
  const { promise, reject } = Promise.withResolvers();
  await expect(promptly(promise, 20)).rejects.toMatchObject({ code: "engine_unreachable" });
  reject(new Error("late"));
  await new Promise(setImmediate);
});
