import { expect, test } from "vitest";
import { StopAsks } from "./stop-asks.ts";

test("one Ctrl-C that comes by several ways is one; asked again it hurries, and a third time it ends", () => {
  const asks = new StopAsks();
  expect([0, 1, 2, 900].map((now) => asks.take("SIGINT", now))).toEqual(["suspend", "same", "same", "same"]);
  expect([1_000, 1_001, 1_999].map((now) => asks.take("SIGINT", now))).toEqual(["hurry", "same", "same"]);
  expect(asks.take("SIGINT", 2_000)).toBe("end");
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s leaves workspaces running; copies of it do not end Guise before it has stopped", (signal) => {
  const asks = new StopAsks();
  expect([0, 1, 2].map((now) => asks.take(signal, now))).toEqual(["stop", "same", "same"]);
});
