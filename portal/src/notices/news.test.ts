import type { WorkspaceView } from "@guise/contract";
import { expect, test } from "vitest";
import { newsBetween, seenIn } from "./news.ts";

const HOUR = 3_600_000;
const view = (change: Partial<WorkspaceView>) =>
  ({ workspace_id: "w-1", state: "ready", ready_at: new Date(0).toISOString(), ...change }) as WorkspaceView;

function news(before: Partial<WorkspaceView>, after: Partial<WorkspaceView>, { idle = [false, false], at = [0, 0] } = {}) {
  const picture = (change: Partial<WorkspaceView>, isIdle: boolean) => ({
    workspaces: new Map([["w-1", view(change)]]),
    activity: new Map([["w-1", { log: [], isIdle }]]),
  });
  const [first, last] = [picture(before, idle[0] === true), picture(after, idle[1] === true)];
  return newsBetween(seenIn(first, at[0] ?? 0), seenIn(last, at[1] ?? 0), last.workspaces).map(({ kind, what }) => `${kind}: ${what}`);
}

test("a wait that ended, a failure and a stop that is near are news, once", () => {
  expect(news({ state: "queued" }, { state: "ready" })).toEqual(["ready: is ready"]);
  expect(news({ state: "provisioning" }, { state: "failed" })).toEqual(["failed: has failed"]);
  expect(news({}, {}, { idle: [false, true] })).toEqual(["stopping: is about to be paused"]);
  expect(news({}, {}, { idle: [true, true] })).toEqual([]);
  const ends = { expires_at: new Date(2 * HOUR).toISOString() };
  expect(news(ends, ends, { at: [HOUR, 1.8 * HOUR] })).toEqual(["stopping: is about to be given back"]);
  expect(news(ends, ends, { at: [1.8 * HOUR, 1.9 * HOUR] })).toEqual([]);
  expect(news({ state: "suspended" }, { state: "queued" })).toEqual([]);
});

test("nothing is news of what was not seen before", () => {
  const workspaces = new Map([["w-1", view({ state: "failed" })]]);
  expect(newsBetween(new Map(), seenIn({ workspaces, activity: new Map() }, 0), workspaces)).toEqual([]);
});
