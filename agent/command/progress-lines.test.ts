import { expect, test } from "vitest";
import { workspaceView } from "../testing/views.ts";
import type { CommandContext } from "./context.ts";
import { Output } from "./output.ts";
import { progressLines } from "./progress-lines.ts";

test("a build that a request waited for is a line of its own, once", () => {
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) };
  const lines = progressLines(new Output({ stderr } as unknown as CommandContext));
  lines({ kind: "build" });
  lines({ kind: "build", percent: 50, message: "jq" });
  lines({ kind: "connection", connected: false, attempt: 0 });
  expect(said.join("")).not.toContain("done build");
  const queued = { kind: "queue", workspace: "w-1", at: "2026-01-01T00:00:00Z", place: 1, message: "needs room" } as const;
  lines(queued);
  lines(queued);
  expect(said.join("").match(/done build +\d+/g)).toHaveLength(1);
});

test("phases of the life before are not told again, those of the new one are", () => {
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) };
  const lines = progressLines(new Output({ stderr } as unknown as CommandContext));
  const view = (state: "suspending" | "queued" | "provisioning", took: number) =>
    workspaceView({ state, phases: [{ phase: "sandbox", took }] });
  lines({ kind: "workspace", workspace: view("suspending", 1) });
  lines({ kind: "workspace", workspace: view("queued", 1) });
  expect(said.join("")).not.toContain("sandbox");
  lines({ kind: "workspace", workspace: view("provisioning", 7) });
  expect(said.join("")).toMatch(/done sandbox +7 ms/);
});
