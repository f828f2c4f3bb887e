import type { LiveMessage, UsageSample, WorkspaceEvent, WorkspaceView } from "@guise/contract";
import { expect, test } from "vitest";
import { type LivePicture, withConnection, withMessage } from "./live-store.ts";
import { afterEvent, NO_ACTIVITY } from "./workspace-activity.ts";

const NOTHING: LivePicture = {
  connection: "connected",
  lostAt: undefined,
  workspaces: undefined,
  personas: undefined,
  availability: {},
  activity: new Map(),
  usage: new Map(),
};
const view = (workspace_id: string, revision: number, state = "ready") => ({ workspace_id, revision, state }) as WorkspaceView;
const after = (messages: readonly LiveMessage[], before = NOTHING) =>
  messages.reduce((picture, one) => withMessage(picture, one, 7), before);
const event = (facts: Partial<WorkspaceEvent>) => ({ workspace: "a", at: "", ...facts }) as WorkspaceEvent;

test("the whole replaces what was known, but for a receipt that is still read", () => {
  const before = after([{ kind: "workspaces", workspaces: [view("a", 1), view("b", 1, "released")] }]);
  const next = withMessage(before, { kind: "workspaces", workspaces: [view("c", 1)] }, 7);
  expect([...(next.workspaces?.keys() ?? [])]).toEqual(["b", "c"]);
});

test("what is older than what is known changes nothing", () => {
  const before = after([{ kind: "workspace", workspace: view("a", 5) }]);
  expect(withMessage(before, { kind: "workspace", workspace: view("a", 4, "queued") }, 7)).toBe(before);
  expect(withMessage(before, { kind: "workspace", workspace: view("a", 6, "suspended") }, 7).workspaces?.get("a")?.state).toBe("suspended");
});

test("what is lost is lost since the first time that it was, until it is back", () => {
  const lost = withConnection(withConnection(NOTHING, { state: "lost" }, 5), { state: "lost" }, 9);
  expect(lost).toMatchObject({ connection: "lost", lostAt: 5 });
  expect(withConnection(lost, { state: "connected" }, 11)).toEqual(NOTHING);
});

test("samples are kept for ten minutes, each workspace's own", () => {
  const sample = (workspace_id: string, cpu: number) => ({ kind: "usage", sample: { workspace_id, cpu } as UsageSample }) as const;
  const { usage } = after([sample("b", 1), ...Array.from({ length: 130 }, (_, cpu) => sample("a", cpu))]);
  expect([usage.get("a")?.length, usage.get("a")?.[0]?.cpu, usage.get("b")?.length]).toEqual([120, 10, 1]);
});

test("availability replaces the one before, and a kind that a newer broker tells changes nothing", () => {
  const before = after([{ kind: "availability", personas: { tester: { state: "now" } } }]);
  const next = withMessage(before, { kind: "availability", personas: { other: { state: "waits", place: 2 } } }, 7);
  expect(next.availability).toEqual({ other: { state: "waits", place: 2 } });
  expect(withMessage(next, { kind: "unheard_of" } as unknown as LiveMessage, 7)).toBe(next);
});

test("phases follow each other; the end of one that is over is no news of the next", () => {
  const started = afterEvent(NO_ACTIVITY, event({ kind: "phase_started", phase: "image", message: "looks" }), 5);
  expect(started).toEqual({ log: [], phase: "image", since: 5, message: "looks" });
  const moved = afterEvent(started, event({ kind: "progress", percent: 40, message: "installs" }), 6);
  expect(moved).toMatchObject({ percent: 40, message: "installs", since: 5 });
  expect(afterEvent(moved, event({ kind: "progress" }), 6)).not.toHaveProperty("percent");
  expect(afterEvent(moved, event({ kind: "phase_finished", phase: "network" }), 6)).toBe(moved);
  expect(afterEvent(moved, event({ kind: "phase_finished", phase: "image" }), 6)).toEqual({ log: [] });
  expect(afterEvent(moved, event({ kind: "state", state: "ready" }), 6)).toEqual({ log: [] });
});

test("a log keeps its last lines", () => {
  let activity = NO_ACTIVITY;
  for (let line = 0; line < 510; line++) activity = afterEvent(activity, event({ kind: "log", message: String(line) }), 1);
  expect([activity.log.length, activity.log[0]]).toEqual([500, "10"]);
});
