import { describe, expect, test } from "vitest";
import { createLog, delay, Limited, ManualClock, nearest, randomIds, Scope } from "./index.ts";

test("a manual clock runs timers in order and only when time passes", async () => {
  const clock = new ManualClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push("b"));
  clock.after(10, () => seen.push("a"));
  clock.after(15, () => seen.push("never")).cancel();
  clock.advance(9);
  expect(seen).toEqual([]);
  clock.advance(20);
  expect(seen).toEqual(["a", "b"]);
});

test("a delay ends early when it is aborted", async () => {
  const abort = new AbortController();
  const waiting = delay(new ManualClock(), 1000, abort.signal);
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a scope ends everything, last first, even when one fails", async () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.onEnd("first", () => void ended.push("first"));
  scope.onEnd("second", () => {
    throw new Error("no");
  });
  scope.onEnd("third", () => void ended.push("third"));
  expect(await scope.end()).toHaveLength(1);
  expect(ended).toEqual(["third", "first"]);
});

test("at most the limit runs at once, and all run", async () => {
  const limited = new Limited(2);
  let running = 0;
  let most = 0;
  const task = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all(Array.from({ length: 9 }, () => limited.run(task)));
  expect(most).toBe(2);
});

test("the log never shows what is secret", () => {
  const lines: string[] = [];
  const log = createLog({ level: "info", destination: { write: (line) => void lines.push(line) } });
  log.info({ token: "canary-1", headers: { authorization: "canary-2" }, deep: { er: { sign_in: "canary-3" } } }, "request");
  expect(lines.join("")).toContain("request");
  expect(lines.join("")).not.toContain("canary");
});

describe("names", () => {
  test.each([
    ["jupyterlb", "jupyterlab"],
    ["ram_", "ram"],
    ["psqll", "psql"],
    ["zzzzzz", undefined],
  ])("nearest to %s is %s", (written, expected) => {
    expect(nearest(written, ["jupyterlab", "psql", "cpu", "ram"])).toBe(expected);
  });

  test("ids have 5 random bits a character and fit host names", () => {
    expect(randomIds.next("ws")).toMatch(/^ws-[a-z2-7]{20}$/);
    expect(new Set(Array.from({ length: 100 }, () => randomIds.next("g"))).size).toBe(100);
  });
});
