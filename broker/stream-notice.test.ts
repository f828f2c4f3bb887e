import type { WorkspaceEvent } from "@guise/contract";
import { expect, test } from "vitest";
import { streamNotice } from "./stream-notice.ts";

const LIMIT = { at: "2026-01-01T00:00:00Z", count: 1, message: "too much", remedy: "try: more" } as const;

test.each<[string, Partial<WorkspaceEvent>, string | undefined]>([
  [
    "the warning before the end",
    { kind: "idle", state: "ready", reason: "idle", message: "idle for 25 min (…); suspended in 5 min unless it is used or kept" },
    "this workspace is idle for 25 min (…); suspended in 5 min unless it is used or kept. Any key keeps it",
  ],
  ["that it is in use again", { kind: "idle", state: "ready", message: "in use again" }, undefined],
  [
    "that it is suspended",
    { kind: "state", state: "suspending", reason: "idle", message: "nobody used it for 30 min" },
    "this workspace is being suspended: nobody used it for 30 min",
  ],
  [
    "that it is given back",
    { kind: "state", state: "releasing", reason: "stopped_by_operator" },
    "this workspace is being given back: Stopped by an operator.",
  ],
  [
    "that the kernel ended a program",
    { kind: "killed", limit: { ...LIMIT, limit: "memory" } },
    "killed: too much at 00:00:00 UTC; try: more",
  ],
  [
    "that processes were refused",
    { kind: "limit", limit: { ...LIMIT, limit: "processes" } },
    "no more processes: too much at 00:00:00 UTC; try: more",
  ],
  ["that it moves as much as it may", { kind: "limit", limit: { ...LIMIT, limit: "egress" } }, undefined],
  ["another state", { kind: "state", state: "ready", message: "ready" }, undefined],
  ["what else happens", { kind: "home", message: "nearly full" }, undefined],
])("%s", (_what, event, notice) =>
  expect(streamNotice({ workspace: "w", at: "2026-01-01T00:00:00Z", ...event } as WorkspaceEvent)).toBe(notice),
);
