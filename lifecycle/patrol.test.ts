import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "./context.ts";
import { Patrol } from "./patrol.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("however many hints come for a workspace, it is looked at once at a time, and once more for all that came meanwhile", async () => {
  let hint = (_workspace: string | undefined) => {};
  let looks = 0;
  let ended = () => {};
  const row = { id: "w-1", state: "ready", desired: "ready", handle: {} } as WorkspaceRow;
  const driver = {
    name: "memory",
    onHint: (listener: typeof hint) => {
      hint = listener;
      return () => {};
    },
    inspect: () => {
      looks++;
      return new Promise((resolve) => {
        ended = () => resolve({ condition: "running" });
      });
    },
  };
  const repository = { workspace: async () => row, workspaces: async () => [] };
  const context = { driver, repository, clock: new ManualClock(), log: silentLog } as unknown as LoopContext;
  const patrol = new Patrol(context, { isMoving: () => false, wake: () => {}, round: async () => {} });
  patrol.begin();
  for (let count = 0; count < 1000; count++) hint("w-1");
  await turn();
  expect(looks).toBe(1);
  ended();
  await turn();
  await turn();
  expect(looks).toBe(2);
  ended();
  await turn();
  await turn();
  expect(looks).toBe(2);
  await patrol.stop();
});
