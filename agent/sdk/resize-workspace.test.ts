import type { WorkspaceView } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { quickTiming } from "../testing/quick-timing.ts";
import { workspaceView } from "../testing/views.ts";
import { PersonaAgent, type Workspace } from "./index.ts";

const { demand } = workspaceView({});
const LARGE = { ...demand, cpu: 2 * demand.cpu };

let broker: FakeBroker;
let workspace: Workspace;
beforeEach(async () => {
  broker = await FakeBroker.start();
  const agent = await PersonaAgent.connect({ broker: broker.url, token: "t", timing: quickTiming, patience: 5000 });
  workspace = await agent.requestPersona("data-analyst", {
    onProgress: (one) => {
      if (one.kind === "workspace" && one.workspace.state === "queued") broker.move(one.workspace.workspace_id, { state: "ready" });
    },
  });
});
afterEach(() => broker[Symbol.asyncDispose]());

/** Answers as the broker does, and then goes through these. */
function goingThrough(...changes: readonly Partial<WorkspaceView>[]): void {
  const { id } = workspace;
  broker.handlers.set(`POST /v1/workspaces/${id}/resize`, (_, response) => {
    json(response, 202, { ...broker.workspaces.get(id), wanted: LARGE });
    for (const change of changes) setImmediate(() => broker.move(id, change));
  });
}

test("resolves when it has the amounts", async () => {
  goingThrough({ wanted: LARGE, message: "being resized" }, { wanted: undefined, demand: LARGE });
  expect((await workspace.resize({ cpu: LARGE.cpu })).demand).toEqual(LARGE);
  expect(workspace.view.demand).toEqual(LARGE);
});

test("says why it has them not", async () => {
  goingThrough({ wanted: LARGE }, { wanted: undefined, message: "not resized: its programs use more ram than it would have" });
  const refused = { code: "conflict", message: "not resized: its programs use more ram than it would have", facts: { demand } };
  await expect(workspace.resize({ cpu: LARGE.cpu })).rejects.toMatchObject(refused);
});

test("does not wait for what is given back meanwhile", async () => {
  goingThrough({ wanted: LARGE, state: "releasing", desired: "released" });
  await expect(workspace.resize({ cpu: LARGE.cpu })).rejects.toMatchObject({ code: "conflict", message: "It is releasing by now." });
});
