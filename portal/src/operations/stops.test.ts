import { WORKSPACE_STATES } from "@guise/contract";
import { expect, test } from "vitest";
import { fateOf, stopsOf } from "./stops.ts";

test("what runs can be paused or given back, what does not run be given back, and what is going nothing", () => {
  const offered = Object.fromEntries(WORKSPACE_STATES.map((state) => [state, stopsOf({ state, desired: "ready" }).join(" or ")]));
  expect(offered).toEqual({
    ...{ queued: "release", provisioning: "suspend or release", ready: "suspend or release", suspending: "release", suspended: "release" },
    ...{ failing: "release", failed: "release", releasing: "", released: "" },
  });
  expect(stopsOf({ state: "queued", desired: "ready", ready_at: "2026-12-01T00:00:00Z" })).toEqual(["suspend", "release"]);
  expect(stopsOf({ state: "ready", desired: "suspended" })).toEqual(["release"]);
  expect(stopsOf({ state: "ready", desired: "released" })).toEqual([]);
});

test("the home's fate is said: it stays, whichever way", () => {
  for (const stop of ["suspend", "release"] as const) expect(fateOf(stop, { generation: 1 }).kept).toMatch(/^The home with its files/);
  expect(fateOf("release", { generation: 0 }).ends).toMatch(/nothing is lost/);
});
