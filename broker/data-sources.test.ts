import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, PERSONA, type World } from "./test-world.ts";

let world: World;
let operator: string;
beforeEach(async () => {
  world = await openWorld();
  operator = await world.account("op", ["operator"]);
});
afterEach(() => world.close());

const SALES = {
  ...{ source: "sales", kind: "postgres", host: "db.example.com", database: "sales", roles: { read: "reader", write: "writer" } },
  ...{ referenced_by: ["makers"], received_by: ["analytics"], login: { username: "guise", password: "hunter2-hunter2" } },
};
const add = (over: object = {}) => world.ask("POST", "/v1/data-sources", { token: operator, body: { ...SALES, ...over } });
const named = { ...PERSONA, access_controls: { groups: ["analytics", "sales"], data_sources: [{ source: "sales", access: "read" }] } };
const publish = (token: string, definition: object, group = "makers") =>
  world.ask("POST", "/v1/personas", { token, body: { document: JSON.stringify(definition), owner_group: group } });

test("a database is registered by an operator; what opens it is in no answer, log or row in clear", async () => {
  const { status, body } = await add();
  expect([status, body]).toMatchObject([201, { source: "sales", place: "db.example.com:5432/sales", writable: true, held: 0 }]);
  const rows = JSON.stringify([await world.repository.dataSources(), await world.repository.auditEntries(0, 100), world.logged, body]);
  expect(rows).not.toContain("hunter2");
  expect(await add()).toMatchObject({ status: 409 });
  const changed = await world.ask("PATCH", "/v1/data-sources/sales", { token: operator, body: { received_by: ["*"] } });
  expect(changed.body).toMatchObject({ received_by: ["*"], referenced_by: ["makers"] });
  const removed = await world.ask("DELETE", "/v1/data-sources/sales", { token: operator });
  expect([removed.status, removed.body]).toMatchObject([202, { being_removed: true }]);
  expect(await world.ask("POST", "/v1/data-sources/sales/test", { token: operator })).toMatchObject({ status: 404 });
  expect((await world.repository.auditEntries(0, 100)).map(({ action }) => action)).toEqual(
    expect.arrayContaining(["add_data_source", "change_data_source", "remove_data_source"]),
  );
});

test("what lends too much is refused with every reason, and nothing is registered", async () => {
  const fault = { code: "too_powerful", message: "guise is a superuser", remedy: "make one that is none" };
  world.findings = { facts: {}, faults: [fault, { ...fault, message: "reader may create" }], notes: [] };
  const { status, body } = await add();
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toMatch(/guise is a superuser: make one.*reader may create/);
  expect(await world.repository.dataSources()).toEqual([]);
});

test.each([
  [{ host: "localhost" }, "something else inside"],
  [{ host: "127.0.0.1" }, "something else inside"],
  [{ host: "169.254.169.254" }, "something else inside"],
  [{ host: "a b" }, "no name or address"],
  [{ database: "a\nb" }, "no name that PostgreSQL takes"],
  [{ authority: "nonsense" }, "no certificate"],
  [{ received_by: ["nobody-here"] }, "nobody-here"],
  [{ received_by: [] }, "received_by"],
])("%j is refused at its place", async (over, words) => {
  const { status, body } = await add(over);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(words);
});

test("nobody lends what his group was not lent, in no environment, and who is told who may", async () => {
  await add();
  const author = await world.account("ada", ["author"], ["makers", "sales"]);
  expect((await publish(author, named)).status).toBe(201);
  const { status, body } = await publish(author, { ...named, persona_id: "other" }, "sales");
  expect(status).toBe(403);
  expect(JSON.stringify(body)).toContain("guise admin source set sales --named-by sales");
  const hidden = {
    ...{ ...PERSONA, persona_id: "hidden", access_controls: { groups: ["sales"] } },
    environments: { later: { access_controls: { data_sources: [{ source: "sales", access: "read" }] } } },
  };
  const refused = await publish(author, hidden, "sales");
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([403, expect.stringContaining("$.environments.later.access_controls")]);
});

test("who may not be given a source of the persona gets no workspace of it", async () => {
  await add();
  await world.usable(named);
  const ask = (token: string, key: string) => world.ask("POST", "/v1/workspaces", { token, key, body: { persona_id: PERSONA.persona_id } });
  const member = await world.account("ann", ["user"], ["analytics"]);
  const other = await world.account("bob", ["user"], ["sales"]);
  expect((await ask(member, "k1")).status).toBe(202);
  const refused = await ask(other, "k2");
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([403, expect.stringContaining("for the group analytics")]);
});

test("authors see what their personas may name, operators who holds it, others nothing", async () => {
  await add();
  const list = async (name: string, roles: ("author" | "auditor" | "user")[], groups: string[]) => {
    const { status, body } = await world.ask("GET", "/v1/data-sources", { token: await world.account(name, roles, groups) });
    return [status, (body as { items?: { source: string }[] }).items?.map(({ source }) => source)];
  };
  const offered = async (name: string, groups: string[]) => {
    const { body } = await world.ask("GET", "/v1/catalog", { token: await world.account(name, ["author"], groups) });
    return (body as { data_sources: { source: string }[] }).data_sources.map(({ source }) => source);
  };
  expect([await offered("b1", ["makers"]), await offered("b2", ["sales"])]).toEqual([["sales"], []]);
  expect(await list("a1", ["author"], ["makers"])).toEqual([200, ["sales"]]);
  expect(await list("a2", ["author"], ["sales"])).toEqual([200, []]);
  expect(await list("a3", ["auditor"], [])).toEqual([200, ["sales"]]);
  expect((await list("a4", ["user"], ["makers"]))[0]).toBe(403);
});
