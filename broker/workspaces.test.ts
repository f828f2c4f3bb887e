import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;
let bob: string;
let olga: string;
let mine: string[];

beforeAll(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  bob = await world.account("bob", ["user"], ["analytics"]);
  olga = await world.account("olga", ["operator"]);
  mine = [];
  for (const name of ["a", "b", "c"]) mine.push(await requested(ann, name));
  await requested(bob, "a");
});
afterAll(() => world.close());

async function requested(token: string, name: string): Promise<string> {
  world.clock.advance(1000);
  const body = { persona_id: "tester", name, parameters: { region: "UK" } };
  return String((await world.ask("POST", "/v1/workspaces", { token, key: `${token.slice(-20)}${name}`, body })).body.workspace_id);
}
const idsOf = (items: unknown) => (items as { workspace_id: string }[]).map((item) => item.workspace_id);

test("a list has one's own, the oldest first, and nobody else's", async () => {
  expect(idsOf((await world.ask("GET", "/v1/workspaces", { token: ann })).body.items)).toEqual(mine);
  expect(idsOf((await world.ask("GET", "/v1/workspaces?persona=other", { token: ann })).body.items)).toEqual([]);
});

test("a workspace that waits shows when it is expected to be ready", async () => {
  const estimate = { ready_in: { low: 1000, likely: 2000, high: 9000 }, from: 12 };
  world.estimates.set(mine[0] ?? "", estimate);
  expect((await world.ask("GET", `/v1/workspaces/${mine[0]}`, { token: ann })).body.estimate).toEqual(estimate);
  expect((await world.ask("GET", `/v1/workspaces/${mine[1]}`, { token: ann })).body.estimate).toBeUndefined();
});

test("a list is paged, and its cursor is good for nobody else", async () => {
  const first = await world.ask("GET", "/v1/workspaces?limit=2", { token: ann });
  expect(idsOf(first.body.items)).toEqual(mine.slice(0, 2));
  const url = `/v1/workspaces?limit=2&cursor=${first.body.next}`;
  const second = await world.ask("GET", url, { token: ann });
  expect(idsOf(second.body.items)).toEqual(mine.slice(2));
  expect(second.body.next).toBeUndefined();
  expect((await world.ask("GET", url, { token: bob })).body.code).toBe("invalid");
  expect((await world.ask("GET", "/v1/workspaces?cursor=nonsense", { token: ann })).body.code).toBe("invalid");
});

test("everybody's are looked through, ordered either way and paged in that order", async () => {
  const pages = async (query: string) => {
    const found: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await world.ask("GET", `/v1/workspaces?all=true&limit=1&${query}${cursor}`, { token: olga });
      found.push(...(body.items as { owner: string; name: string }[]).map(({ owner, name }) => `${owner} ${name}`));
      if (body.next === undefined) return found;
      cursor = `&cursor=${body.next}`;
    }
  };
  expect(await pages("order=owner")).toEqual(["ann a", "ann b", "ann c", "bob a"]);
  expect(await pages("order=owner&descending=true")).toEqual(["bob a", "ann c", "ann b", "ann a"]);
  expect(await pages("order=requested&descending=true")).toEqual(["bob a", "ann c", "ann b", "ann a"]);
  expect(await pages("search=BOB")).toEqual(["bob a"]);
  expect(await pages(`search=${mine[1]}`)).toEqual(["ann b"]);
  expect(await pages("search=nobody")).toEqual([]);
  expect((await pages("state=queued&order=persona")).length).toBe(4);
  expect(await pages("state=released&order=state")).toEqual([]);
  expect((await world.ask("GET", "/v1/workspaces?state=lost", { token: olga })).body.code).toBe("invalid");
});

test("an operator sees that all are there, but not what is in them", async () => {
  const { body } = await world.ask("GET", "/v1/workspaces?all=true", { token: olga });
  expect(idsOf(body.items)).toHaveLength(4);
  expect(JSON.stringify(body.items)).not.toContain("UK");
  const one = await world.ask("GET", `/v1/workspaces/${mine[0]}`, { token: olga });
  expect(one.body).toMatchObject({ owner: "ann", parameters: {}, launches: [] });
  expect((await world.ask("GET", "/v1/workspaces?all=true", { token: ann })).body.code).toBe("not_permitted");
});

test("giving back records it once, wakes the loop, and answers the same again", async () => {
  const id = mine[0] ?? "";
  const woken = world.woken;
  const give = () => world.ask("POST", `/v1/workspaces/${id}/release`, { token: ann });
  expect((await give()).body).toMatchObject({ workspace_id: id, desired: "released" });
  expect((await give()).status).toBe(202);
  expect(world.woken).toBe(woken + 1);
  expect(await world.repository.workspace(id)).toMatchObject({ desired: "released", desiredReason: "cancelled" });
});

test("somebody else's workspace is stopped with a reason alone, which its person reads, and keeps its home unless that is told otherwise", async () => {
  const id = await requested(bob, "d");
  const act = (what: string, body: object) => world.ask("POST", `/v1/workspaces/${id}/${what}`, { token: olga, body });
  await world.makeReady(id);
  for (const what of ["release", "suspend"]) {
    const refused = await act(what, {});
    expect(refused.body).toMatchObject({ status: 400, code: "invalid", problems: [{ path: "$.reason", code: "missing" }] });
    expect((await act(what, { reason: "a\u202eb" })).status).toBe(400);
  }
  expect((await world.repository.workspace(id))?.desired).toBe("ready");
  const note = "olga, an operator: the machine is needed at noon";
  const reason = "the machine is needed at noon";
  expect((await act("suspend", { reason })).status).toBe(202);
  expect(await world.repository.workspace(id)).toMatchObject({ desiredReason: "suspended_by_operator", desiredNote: note });
  expect((await act("release", { reason })).body).toMatchObject({ keeps_home: true });
  const row = await world.repository.workspace(id);
  expect(row).toMatchObject({ desiredReason: "stopped_by_operator", desiredNote: note, dropHome: false });
  expect((await world.repository.home(row?.home ?? ""))?.keep).toBe(true);
  const entries = await world.repository.auditEntries(0, 100);
  for (const action of ["suspend_workspace", "release_workspace"])
    expect(entries.find((entry) => entry.action === action && entry.target === id)).toMatchObject({
      actor: expect.stringContaining("olga"),
      facts: { note },
    });
});

test("somebody else's home goes with the workspace where that is said", async () => {
  const id = await requested(bob, "e");
  await world.ask("POST", `/v1/workspaces/${id}/release`, { token: olga, body: { reason: "it was a test", with_home: true } });
  expect(await world.repository.workspace(id)).toMatchObject({ desiredReason: "stopped_by_operator", dropHome: true });
});

test("only a failed workspace is tried again", async () => {
  const id = mine[2] ?? "";
  const retry = () => world.ask("POST", `/v1/workspaces/${id}/retry`, { token: ann });
  expect((await retry()).body.code).toBe("conflict");
  await world.move({ id, to: "failing", reason: "start_failed", message: "no" });
  await world.move({ id, to: "failed", reason: "start_failed", message: "no" });
  expect((await retry()).status).toBe(202);
  expect(await world.repository.workspace(id)).toMatchObject({ desired: "ready", desiredReason: "retrying" });
});

test("a released one is listed on demand, with its receipt in the view", async () => {
  const id = mine[0] ?? "";
  const freed = { cpu: 1, ram: 1, storage: 1, ingress: 1, egress: 1 };
  const receipt = { workspace_id: id, persona_id: "tester", released_at: "now", held: 5, freed, deleted: ["home"], kept: [] };
  await world.move({ id, to: "releasing", reason: "cancelled" });
  await world.move({ id, to: "released", reason: "cancelled", receipt });
  expect((await world.ask("GET", `/v1/workspaces/${id}`, { token: ann })).body.receipt).toEqual(receipt);
  expect(idsOf((await world.ask("GET", "/v1/workspaces", { token: ann })).body.items)).not.toContain(id);
  expect(idsOf((await world.ask("GET", "/v1/workspaces?released=true", { token: ann })).body.items)).toContain(id);
});

test("launches need a ready workspace", async () => {
  const id = mine[2] ?? "";
  const { body } = await world.ask("POST", `/v1/workspaces/${id}/launches`, { token: ann, body: { application: "git" } });
  expect(body).toMatchObject({ code: "workspace_not_ready", state: "failed" });
  expect(world.asked).toEqual([]);
});
