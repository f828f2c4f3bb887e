import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let mia: string;
let ann: string;

beforeEach(async () => {
  world = await openWorld();
  mia = await world.account("mia", ["author"], ["makers"]);
  ann = await world.account("ann", ["user"], ["analytics"]);
  await world.usable();
});
afterEach(() => world.close());

const refresh = (token: string, version: number | "latest" = "latest") =>
  world.ask("POST", `/v1/personas/tester/versions/${version}/refresh`, { token, body: {} });
const image = (reference: string) => ({ reference, bytes: 1, launchables: [], contents: [] });

test("authors of the owning group have a version refreshed, which wakes the builds and is audited; asked twice it is one", async () => {
  const { status, body } = await refresh(mia);
  expect([status, body.state, body.revision, body.refresh, world.woken]).toEqual([202, "usable", 1, { state: "building", percent: 0 }, 1]);
  world.clock.advance(5);
  await refresh(mia);
  const [row] = await world.repository.refreshing();
  expect(row?.refresh?.epoch).toBe(new Date(world.clock.now() - 5).toISOString());
  expect((await world.repository.auditEntries(0, 100)).map(({ action }) => action)).toContain("refresh_persona");
});

test("others may not: people of the persona, and authors of other groups", async () => {
  expect((await refresh(ann)).body.code).toBe("not_permitted");
  expect((await refresh(await world.account("max", ["author"], ["analytics"]))).body.code).toBe("not_permitted");
  expect((await refresh(await world.account("moe", ["author"], ["sales"]))).status).toBe(404);
  expect(await world.repository.refreshing()).toEqual([]);
});

test("what was never built cannot be refreshed", async () => {
  await world.repository.setBuild("tester", 1, { state: "build_failed" });
  expect((await refresh(mia, 1)).body.code).toBe("persona_not_usable");
});

test("all of one's groups' personas are refreshed to one time", async () => {
  await world.usable({ persona_id: "other" });
  await world.usable({ persona_id: "third" });
  const { body } = await world.ask("POST", "/v1/personas/refresh", { token: mia, body: {} });
  expect((body.items as { persona_id: string }[]).map(({ persona_id }) => persona_id)).toEqual(["other", "tester", "third"]);
  expect(new Set((await world.repository.refreshing()).map((row) => row.refresh?.epoch)).size).toBe(1);
  const none = await world.account("max", ["author"], ["analytics"]);
  expect((await world.ask("POST", "/v1/personas/refresh", { token: none, body: {} })).body.items).toEqual([]);
});

test("a workspace that runs on an older revision is outdated, in its own view and in lists, until it is started again", async () => {
  await world.repository.setBuild("tester", 1, { image: image("r1") });
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  const id = String(body.workspace_id);
  await world.makeReady(id);
  await world.move({ id, to: "ready", image: { revision: 1, reference: "r1" } });
  const outdated = async () => (await world.ask("GET", `/v1/workspaces/${id}`, { token: ann })).body.outdated;
  expect(await outdated()).toBeUndefined();
  await refresh(mia);
  await world.repository.setRefresh("tester", 1, { outcome: "built", image: image("r2") });
  expect(await outdated()).toEqual({ revision: 1, newest: 2 });
  const list = await world.ask("GET", "/v1/workspaces", { token: ann });
  expect((list.body.items as object[])[0]).toMatchObject({ outdated: { revision: 1, newest: 2 } });
  expect((await world.ask("GET", "/v1/personas/tester", { token: ann })).body.versions).toMatchObject([{ revision: 2 }]);
  await world.move({ id, to: "ready", image: { revision: 2, reference: "r2" } });
  expect(await outdated()).toBeUndefined();
});
