import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let olga: string;

beforeEach(async () => {
  world = await openWorld();
  olga = await world.account("olga", ["operator"]);
});
afterEach(() => world.close());

test("operators see what images take and who needs them, and have them collected, which is audited", async () => {
  const versions = [{ persona: "tester", version: 1, revision: 2, current: true }];
  world.images = [{ reference: "r", kind: "image", versions, alone: 5, shared: 7, usedAt: 0, workspaces: ["w-1"], isKept: true }];
  const { body } = await world.ask("GET", "/v1/images", { token: olga });
  expect(body).toEqual({
    budget: 100,
    taken: 30,
    images: [
      {
        image: "r",
        kind: "image",
        versions: [{ persona_id: "tester", version: 1, revision: 2, current: true }],
        ...{ alone: 5, shared: 7, used_at: "1970-01-01T00:00:00.000Z", workspaces: ["w-1"], kept: true },
      },
    ],
  });
  const collected = await world.ask("POST", "/v1/images/collect", { token: olga, body: { budget: 10 } });
  expect(collected.body).toEqual({ removed: ["r"], freed: 20, left: 10, budget: 10 });
  expect((await world.ask("POST", "/v1/images/collect", { token: olga, body: {} })).body.budget).toBe(100);
  expect(world.asked).toEqual([
    ["collect", 10],
    ["collect", undefined],
  ]);
  const entries = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "collect_images");
  expect(entries.map(({ facts }) => facts)).toEqual([
    { budget: 10, removed: 1, freed: 20 },
    { removed: 1, freed: 20 },
  ]);
});

test("an auditor looks and does not remove", async () => {
  const auditor = await world.account("ada", ["auditor"]);
  expect((await world.ask("GET", "/v1/images", { token: auditor })).status).toBe(200);
  expect((await world.ask("POST", "/v1/images/collect", { token: auditor, body: {} })).status).toBe(403);
});
