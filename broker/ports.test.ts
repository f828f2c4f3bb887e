import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;
let id: string;
beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
});
afterEach(() => world.close());

const ports = async (token = ann) => {
  const { status, body } = await world.ask("GET", `/v1/workspaces/${id}/ports`, { token });
  return [status, body.items];
};

test("of a workspace that is ready the ports beside its web applications are told; of another one none, and nobody else's", async () => {
  expect(await ports()).toEqual([200, []]);
  const { generation } = await world.makeReady(id);
  expect(await ports()).toEqual([200, [{ port: 5173 }, { port: 8888 }]]);
  const launch = { workspace: id, generation, application: "jupyterlab", kind: "web", state: "running", startedAt: 0 } as const;
  await world.repository.recordLaunch({ ...launch, id: "l-web", web: { port: 8888, path: "/" } });
  expect(await ports()).toEqual([200, [{ port: 5173 }]]);
  expect((await ports(await world.account("bob", ["user", "operator"], ["analytics"])))[0]).toBe(404);
});

test("a port that its persona names is told by that name", async () => {
  await world.usable({ ports: [{ port: 5173, name: "Preview" }] });
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "n", body: { persona_id: "tester", name: "named" } });
  id = String(body.workspace_id);
  await world.makeReady(id);
  expect(await ports()).toEqual([200, [{ port: 5173, name: "Preview" }, { port: 8888 }]]);
});

test("a ticket is for a port that there can be", async () => {
  await world.makeReady(id);
  const challenge = "a".repeat(43);
  const ticket = (port: string) => world.ask("POST", `/v1/workspaces/${id}/ports/${port}/tickets`, { token: ann, body: { challenge } });
  expect(await ticket("5173")).toMatchObject({ status: 201, body: { origin: `http://port-5173--${id}.localhost:7080` } });
  for (const port of ["0", "65536", "01", "x", "-1"]) expect((await ticket(port)).status).toBe(404);
});
