import { expect, test } from "vitest";
import { FakeBroker } from "../testing/fake-broker.ts";
import { quickTiming } from "../testing/quick-timing.ts";
import { problem, receipt } from "../testing/views.ts";
import { PersonaAgent } from "./index.ts";

const ID = `w-${"b".repeat(20)}`;

test("who may stop it, and not see its events, gets the receipt all the same", async () => {
  await using broker = await FakeBroker.start();
  broker.move(ID, { state: "ready", workspace_id: ID });
  broker.handlers.set(`GET /v1/workspaces/${ID}/events`, (_, response) => problem(response, "not_found", "There is no such thing."));
  const agent = await PersonaAgent.connect({ broker: broker.url, token: "t", timing: quickTiming, patience: 5000 });
  const released = agent.releasePersona("data-analyst", { workspace: ID });
  await expect.poll(() => broker.seen.filter(({ path }) => path === `/v1/workspaces/${ID}`).length).toBeGreaterThan(2);
  broker.move(ID, { state: "released", receipt: receipt(ID) });
  expect(await released).toEqual(receipt(ID));
});
