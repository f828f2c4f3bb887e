import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let olga: string;

beforeEach(async () => {
  world = await openWorld();
  olga = await world.account("olga", ["operator"]);
});
afterEach(() => world.close());

const post = (url: string, body: object, token = olga) => world.ask("POST", url, { token, body });

describe("signing in", () => {
  test("an account's code gives a token that works, once", async () => {
    const { status, body } = await post("/v1/accounts", { account: "ann", roles: ["user"], groups: ["analytics"] });
    expect(status).toBe(201);
    expect(body.sign_in_link).toBe(`http://guise.localhost:7080/sign-in#code=${body.sign_in_code}`);
    const redeem = () => world.ask("POST", "/v1/token", { body: { grant_type: "sign_in_code", code: body.sign_in_code } });
    const signedIn = await redeem();
    expect(signedIn.status).toBe(200);
    const me = await world.ask("GET", "/v1/me", { token: String(signedIn.body.access_token) });
    expect(me.body).toEqual({
      principal: "http://guise.localhost:7080#ann",
      applications_origin: "http://*.localhost:7080",
      account: "ann",
      roles: ["user"],
      groups: ["analytics"],
      priority_grant: "normal",
    });
    expect((await redeem()).body.code).toBe("not_authenticated");
    const renewed = await world.ask("POST", "/v1/token", { body: { grant_type: "sign_in", sign_in: signedIn.body.sign_in } });
    expect(renewed.body).toMatchObject({ token_type: "Bearer", expires_in: 600 });
    const rows = await world.repository.auditEntries(0, 100);
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(["create_account", "sign_in"]));
    expect(JSON.stringify(rows)).not.toContain(String(body.sign_in_code));
  });

  test("how a person is called is noted, changed and taken away; the audit says that, and not what", async () => {
    await post("/v1/groups", { group: "sales" });
    const made = await post("/v1/accounts", { account: "ann", roles: ["user"], name: "Ann O'Hara", email: "ann@example.org" });
    expect(made.body).toMatchObject({ name: "Ann O'Hara", email: "ann@example.org" });
    const change = (body: object) => world.ask("PATCH", "/v1/accounts/ann", { token: olga, body });
    expect((await change({ email: null, name: "Ann" })).body).toEqual({
      ...{ account: "ann", roles: ["user"], groups: [], disabled: false, name: "Ann" },
    });
    expect(JSON.stringify(await world.repository.auditEntries(0, 100))).not.toMatch(/O'Hara|example\.org/);
    for (const body of [{ email: "ann" }, { email: "a b@c" }, { name: "" }, { name: "a\u202eb" }])
      expect([body, (await change(body)).body.code]).toEqual([body, "invalid"]);
  });

  test("a changed account counts at once", async () => {
    const ann = await world.account("ann", ["user"]);
    const change = (body: object) => world.ask("PATCH", "/v1/accounts/ann", { token: olga, body });
    expect((await change({ groups: ["sales"], roles: ["auditor"] })).body).toEqual({
      account: "ann",
      roles: ["auditor"],
      groups: ["sales"],
      disabled: false,
    });
    expect((await world.ask("GET", "/v1/me", { token: ann })).body.roles).toEqual(["auditor"]);
    await change({ disabled: true });
    expect((await world.ask("GET", "/v1/me", { token: ann })).status).toBe(401);
    expect((await post("/v1/accounts/ann/sign-in-code", {})).body.code).toBe("conflict");
    await change({ disabled: false });
    expect((await post("/v1/accounts/ann/sign-in-code", {})).body.sign_in_code).toMatch(/^[\w-]{43}$/);
  });
});

describe("accounts, groups and grants", () => {
  test("names are unique, groups must exist, and nobody locks himself out", async () => {
    await post("/v1/accounts", { account: "ann", roles: ["user"] });
    expect((await post("/v1/accounts", { account: "ann", roles: ["user"] })).body.code).toBe("conflict");
    expect((await post("/v1/accounts", { account: "eve", roles: ["user"], groups: ["analytic"] })).body).toMatchObject({
      code: "invalid",
      problems: [{ path: "$.groups[0]", suggestion: "analytics" }],
    });
    expect((await post("/v1/accounts", { account: "eve", roles: ["oprator"] })).body).toMatchObject({
      problems: [{ suggestion: "operator" }],
    });
    const self = (body: object) => world.ask("PATCH", "/v1/accounts/olga", { token: olga, body });
    expect((await self({ disabled: true })).body.code).toBe("conflict");
    expect((await self({ roles: ["user"] })).body.code).toBe("conflict");
    expect((await self({ roles: ["user", "operator"] })).status).toBe(200);
    expect((await world.ask("PATCH", "/v1/accounts/nobody", { token: olga, body: {} })).body.code).toBe("not_found");
    expect((await world.ask("GET", "/v1/accounts", { token: olga })).body.items).toHaveLength(2);
  });

  test("groups are made, and granted a priority", async () => {
    expect((await post("/v1/groups", { group: "night" })).body).toMatchObject({ group: "night", members: [] });
    expect((await post("/v1/groups", { group: "night" })).body.code).toBe("conflict");
    const grant = (group: string, priority: string) => world.ask("PUT", "/v1/grants", { token: olga, body: { group, priority } });
    expect((await grant("night", "urgent")).body.priority).toBe("urgent");
    expect((await grant("nobody", "urgent")).body.code).toBe("not_found");
    expect((await grant("night", "highest")).body.code).toBe("invalid");
  });
});

test("status shows the queue in order with reasons, and what is being built", async () => {
  await world.usable();
  const ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  world.waiting = [{ id: String(body.workspace_id), place: 1, reason: "waiting_for_room", message: "needs 1" }];
  const status = await world.ask("GET", "/v1/status", { token: olga });
  expect(status.body).toMatchObject({
    installation: "i1",
    workspaces: { queued: 1 },
    queue: [{ workspace_id: body.workspace_id, owner: "ann", place: 1, message: "needs 1" }],
    pools: { guards: 2 },
  });
});

test("the audit is read in pages, by auditors too", async () => {
  for (const group of ["g1", "g2", "g3"]) await post("/v1/groups", { group });
  const auditor = await world.account("otto", ["auditor"]);
  const seen: number[] = [];
  let url = "/v1/audit?limit=3";
  for (;;) {
    const { body } = await world.ask("GET", url, { token: auditor });
    seen.push(...(body.items as { sequence: number }[]).map(({ sequence }) => sequence));
    if (body.next === undefined) break;
    url = `/v1/audit?limit=3&cursor=${body.next}`;
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
  expect(seen.length).toBeGreaterThan(6);
});

test("requests of one person are bounded, and of others not touched by it", async () => {
  await world.close();
  world = await openWorld({ requestBurst: 3, requestsPerSecond: 1 });
  const ann = await world.account("ann", ["user"]);
  const bob = await world.account("bob", ["user"]);
  const me = (token: string) => world.ask("GET", "/v1/me", { token });
  for (let index = 0; index < 3; index++) expect((await me(ann)).status).toBe(200);
  expect((await me(ann)).body.code).toBe("too_many_requests");
  expect((await me(bob)).status).toBe(200);
  world.clock.advance(1000);
  expect((await me(ann)).status).toBe(200);
});
