import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;
let bob: string;
let id: string;

beforeAll(async () => {
  world = await openWorld();
  await world.usable({ resource_limits: { cpu: "2", ram: "1Gi" } });
  ann = await world.account("ann", ["user"], ["analytics"]);
  bob = await world.account("bob", ["user"], ["analytics"]);
  const asked = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k-resize-1", body: { persona_id: "tester" } });
  id = String(asked.body.workspace_id);
});
afterAll(() => world.close());

const resize = (body: object, token = ann) => world.ask("POST", `/v1/workspaces/${id}/resize`, { token, body });

test("is for what is ready", async () => {
  expect((await resize({ cpu: 1000 })).body).toMatchObject({ status: 409, code: "conflict" });
  await world.makeReady(id);
});

test("records the wish, with what is not named as it is, and wakes the loop", async () => {
  const woken = world.woken;
  const { status, body } = await resize({ cpu: 2000 });
  expect([status, body.wanted]).toEqual([202, { ...(body.demand as object), cpu: 2000 }]);
  expect(body.limits).toMatchObject({ cpu: 2000, ram: 2 ** 30, ingress: 10e6 });
  expect(world.woken).toBe(woken + 1);
  expect((await world.repository.auditEntries(0, 1000)).at(-1)).toMatchObject({ action: "resize_workspace", target: id, outcome: "done" });
  expect((await resize({ ram: 2 ** 30 })).body.wanted).toMatchObject({ cpu: 2000, ram: 2 ** 30 });
});

test("ends at the persona's limits, each named", async () => {
  const { body } = await resize({ cpu: 2001, ram: 2 ** 30, egress: 20e6 });
  expect([body.code, body.problems?.map(({ path }) => path)]).toEqual(["invalid", ["$.cpu", "$.egress"]]);
  for (const wrong of [{ cpu: 0 }, { ram: 1000 }, { storage: 2 ** 30 }, { ingress: 1.5 }])
    expect((await resize(wrong)).body.code).toBe("invalid");
});

test("what is not free now is refused, with what is short; less is asked of nobody", async () => {
  world.resizeAdvice = { kind: "not_resized", id, node: "node-1", short: [{ dimension: "cpu", needs: 1500, has: 500 }] };
  const { body } = await resize({ cpu: 2000 });
  expect(body).toMatchObject({ code: "insufficient_resources", short: [{ dimension: "cpu", needs: 1500, has: 500 }] });
  expect(body.detail).toContain("needs 1.5 cpu more; node-1 has 0.5 cpu free");
  expect((await resize({ cpu: 100, ram: 2 ** 27 })).status).toBe(202);
  world.resizeAdvice = undefined;
});

test("nobody else's; and not what is on its way out", async () => {
  expect((await resize({ cpu: 1000 }, bob)).body.code).toBe("not_found");
  await world.ask("POST", `/v1/workspaces/${id}/suspend`, { token: ann, body: {} });
  expect((await resize({ cpu: 1000 })).body).toMatchObject({ code: "conflict" });
});
