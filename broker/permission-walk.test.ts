import { ROLES, type Role } from "@guise/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#access";
import { answersHead } from "./route.ts";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let foreign: string;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  world = await openWorld({ requestBurst: 10_000, strangerRequestBurst: 10_000, failureBurst: 10_000 });
  await world.usable();
  await world.repository.setBuild("tester", 1, { image: { reference: "r", bytes: 1, launchables: [], contents: [] } });
  const owner = await world.account("owner", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: owner, key: "k", body: { persona_id: "tester" } });
  foreign = String(body.workspace_id);
  for (const role of ROLES) tokens.set(role, await world.account(`only-${role}`, [role]));
});
afterAll(() => world.close());

/** The routes as Fastify has them, from its own drawing: four columns per level, methods behind the last part of the path. */
function mountedRoutes(): string[] {
  const parts: string[] = [];
  return world.broker.app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const drawn = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
      if (drawn === null) return [];
      const [, indent = "", part = "", methods] = drawn;
      const depth = indent.length / 4;
      parts.splice(depth, parts.length, part);
      return (methods?.split(", ") ?? []).map((method) => `${method} ${parts.join("").replace(/^\*$/, "/*")}`);
    });
}

const urlOf = (pattern: string) =>
  pattern
    .replace(":workspace", foreign)
    .replace(":persona", "tester")
    .replace(":version", "latest")
    .replace(":launch", "l-1")
    .replace(":upload", "upload-1")
    .replace(":account", "owner")
    .replace(":home", "h-1")
    .replace(":code", "BCDF-GHJK")
    .replace("/*", "/some-page");

/** What an empty body would do is done to what the others look at. */
const harmless = (id: string) => (id === "retire_persona" ? { body: { retired: false } } : {});

test("every mounted route stands in the table of routes, and every permission but the inner ones is a route's", () => {
  expect(mountedRoutes().sort()).toEqual(
    world.routes
      .flatMap((route) => (answersHead(route) ? [route.method, "HEAD"] : [route.method]).map((method) => `${method} ${route.url}`))
      .sort(),
  );
  const inner = ["list_all_workspaces", "list_all_homes"];
  expect(world.routes.map(({ id }) => id).sort()).toEqual(
    Object.keys(PERMISSIONS)
      .filter((id) => !inner.includes(id))
      .sort(),
  );
});

describe("routes × roles, for somebody who owns nothing and is in no group", () => {
  test("without a token only open routes answer", async () => {
    for (const { id, method, url } of world.routes) {
      const { status } = await world.ask(method, urlOf(url));
      const open = (PERMISSIONS[id] as Permission).roles === "open";
      expect([id, status === 401]).toEqual([id, !open]);
    }
  });

  test.each(ROLES)("%s gets what the table says, and nothing of others", async (role) => {
    const token = tokens.get(role) ?? "";
    for (const { id, method, url } of world.routes) {
      const { roles, rule } = PERMISSIONS[id] as Permission;
      const { status, body } = await world.ask(method, urlOf(url), { token, ...harmless(id) });
      const lacks = roles !== "open" && !roles.includes(role);
      if (lacks) expect([id, status, body.code]).toEqual([id, 403, "not_permitted"]);
      else if (rule === "own_workspace" || rule === "usable_workspace") expect([id, status, body.code]).toEqual([id, 404, "not_found"]);
      else if (rule === "visible_persona") expect([id, status]).toEqual([id, role === "operator" || role === "auditor" ? 200 : 404]);
      else if (rule === "own_draft") expect([id, status, body.code]).toEqual([id, 404, "not_found"]);
      else if (rule === "owning_group") expect([id, status]).toEqual([id, 404]);
      else if (rule === "owning_group_or_operator") expect([id, status === 404]).toEqual([id, role !== "operator"]);
      else if (rule === "own_workspace_or_operator") expect([id, status === 404]).toEqual([id, role !== "operator"]);
      // Past permission: what is left to refuse is the empty body, a code that nobody signs in with, or a missing key.
      else expect([id, body.code]).not.toEqual([id, "not_permitted"]);
    }
  });

  test.each(ROLES)("%s: a foreign workspace answers like an absent one, for every route", async (role) => {
    const token = tokens.get(role) ?? "";
    for (const { id, method, url } of world.routes.filter((route) => route.url.includes(":workspace"))) {
      if (role === "operator" && (PERMISSIONS[id] as Permission).rule === "own_workspace_or_operator") continue;
      const there = await world.ask(method, urlOf(url), { token });
      const absent = await world.ask(method, urlOf(url).replace(foreign, "w-nowhere"), { token });
      expect({ ...there.body, request_id: "" }).toEqual({ ...absent.body, request_id: "" });
      expect(there.status).toBe(absent.status);
      const names = ({ headers }: typeof there) => Object.keys(headers).sort();
      expect(names(there)).toEqual(names(absent));
    }
  });
});

test("refused acts are audited with who, what and why; refused looks are not", async () => {
  const before = (await world.repository.auditEntries(0, 100_000)).length;
  const token = tokens.get("user") ?? "";
  await world.ask("GET", `/v1/workspaces/${foreign}`, { token });
  await world.ask("POST", `/v1/workspaces/${foreign}/release`, { token, body: {} });
  await world.ask("POST", "/v1/groups", { token, body: { group: "mine" } });
  const rows = (await world.repository.auditEntries(0, 100_000)).slice(before);
  expect(rows.map(({ action, target, outcome, facts }) => ({ action, target, outcome, ...facts }))).toEqual([
    { action: "release_workspace", target: foreign, outcome: "refused", code: "not_found" },
    { action: "create_group", target: "/v1/groups", outcome: "refused", code: "not_permitted" },
  ]);
  expect(rows[0]?.actor).toMatch(/#only-user$/);
});
