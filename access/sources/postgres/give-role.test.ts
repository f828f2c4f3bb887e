import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";
import { openSourceWorld, PASSWORD, type SourceWorld } from "./source-world.fixture.ts";

let world: SourceWorld;
beforeAll(async () => {
  world = await openSourceWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DENIED = "42501";
const LOGIN_REFUSED = "28P01";
const verifierOf = async (role: string) =>
  String((await world.postgres.admin(`select rolpassword from pg_authid where rolname = '${role}'`))[0]?.rolpassword);

test("a role that reads does nothing else, and becomes nobody else", async () => {
  await world.give("ws_read");
  expect(await world.ask("ws_read", "select sum(total)::int from orders")).toEqual([30]);
  const refused = [
    "insert into orders values (3, 30)",
    "update orders set total = 0",
    "delete from orders",
    "truncate orders",
    "create table public.mine (a int)",
    "create temp table mine (a int)",
    "create schema mine",
    "create role mine",
    "create database mine",
    "alter role ws_read valid until 'infinity'",
    "alter role ws_read connection limit -1",
    "set role writers",
    "set role maker",
    "set role postgres",
    "set session authorization postgres",
    "copy orders to program 'true'",
    "select pg_read_file('postgresql.conf')",
    // Before 16 a member may act as the group, which here is worth nothing more.
    ...(world.postgres.version >= 16 ? ["set role readers"] : []),
  ];
  const client = await world.connect("ws_read");
  for (const sql of refused) expect([sql, await client.query(sql).catch((error: unknown) => error)]).toMatchObject([sql, { code: DENIED }]);
});

test("a role that writes changes rows, and nothing that holds them", async () => {
  await world.give("ws_write", { lends: "writers" });
  for (const sql of ["insert into orders values (9, 1)", "update orders set total = 2 where id = 9", "delete from orders where id = 9"])
    expect([sql, await world.ask("ws_write", sql)]).toEqual([sql, []]);
  const refused = ["truncate orders", "alter table orders add b int", "drop table orders", "create table public.mine (a int)"];
  for (const sql of refused) expect([sql, await world.ask("ws_write", sql)]).toEqual([sql, DENIED]);
  expect(
    await world.ask("ws_write", "create trigger mine before insert on orders execute function suppress_redundant_updates_trigger()"),
  ).toBe(DENIED);
});

test("it is what it is said to be, and a member of the group alone", async () => {
  const until = Date.parse("2031-02-03T04:05:06.789Z");
  await world.give("ws_whole", { until });
  const [role] = await world.postgres.admin("select * from pg_roles where rolname = 'ws_whole'");
  expect(role).toMatchObject({
    ...{ rolsuper: false, rolinherit: true, rolcreaterole: false, rolcreatedb: false, rolcanlogin: true, rolreplication: false },
    ...{ rolbypassrls: false, rolconnlimit: 20, rolvaliduntil: new Date(until) },
  });
  const members = "select roleid::regrole::text as lent, m.* from pg_auth_members m where member = 'ws_whole'::regrole";
  const options = world.postgres.version >= 16 ? { inherit_option: true, set_option: false } : {};
  expect(await world.postgres.admin(members)).toMatchObject([{ lent: "readers", admin_option: false, ...options }]);
});

test("the server is told a verifier, never the password", async () => {
  await world.give("ws_one");
  await world.give("ws_two");
  const verifiers = [await verifierOf("ws_one"), await verifierOf("ws_two")];
  expect(verifiers[0]).not.toBe(verifiers[1]);
  expect(await world.postgres.log()).not.toContain(PASSWORD);
});

test.each([PASSWORD, "x", " ~'\"\\%&;--", "p".repeat(200)])("the verifier of %j is the one that PostgreSQL computes", async (password) => {
  await world.postgres.admin("drop role if exists theirs");
  await world.postgres.admin(`create role theirs password '${password.replaceAll("'", "''")}'`);
  const theirs = await verifierOf("theirs");
  const salt = /^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(theirs)?.[1] ?? "";
  expect(await scramVerifier(password, Buffer.from(salt, "base64"))).toBe(theirs);
});

test("where the provisioner may set it, the log does not have the verifier either", async () => {
  await world.give("ws_logged");
  expect(await world.postgres.log()).toContain(await verifierOf("ws_logged"));
  if (world.postgres.version < 15) return;
  await world.postgres.admin("grant set on parameter log_statement to maker");
  await world.give("ws_quiet");
  expect(await world.postgres.log()).not.toContain(await verifierOf("ws_quiet"));
  await world.postgres.admin("revoke set on parameter log_statement from maker");
});

test("given again, password, membership and end are new", async () => {
  await world.give("ws_again", { lends: "readers", until: Date.now() - 1000 });
  expect(await connected("ws_again", PASSWORD)).toBe(LOGIN_REFUSED);
  await world.give("ws_again", { lends: "writers", password: "another-of-its-own" });
  expect(await connected("ws_again", PASSWORD)).toBe(LOGIN_REFUSED);
  expect(await connected("ws_again", "another-of-its-own")).toEqual(["writers"]);
});

test("its end is moved by renewing it", async () => {
  await world.give("ws_ends", { until: Date.now() - 1000 });
  expect(await connected("ws_ends")).toBe(LOGIN_REFUSED);
  await world.access.renew(world.server, "ws_ends", Date.now() + 60_000);
  expect(await connected("ws_ends")).toEqual(["readers"]);
  await expect(world.access.renew(world.server, "ws_absent", Date.now())).rejects.toMatchObject({ code: "role_missing" });
});

test("a group that is not there, or that the provisioner may not lend, leaves no role behind", async () => {
  await world.postgres.admin("create role mighty superuser");
  await expect(world.give("ws_none", { lends: "nobody" })).rejects.toMatchObject({ code: "role_missing" });
  await expect(world.give("ws_none", { lends: "mighty" })).rejects.toMatchObject({ code: "not_permitted" });
  expect(await world.access.roles(world.server, "ws_none")).toEqual([]);
});

test("a role that Guise did not make is neither changed nor dropped", async () => {
  await world.postgres.admin(`create role ws_theirs login password '${PASSWORD}'`);
  const { access, server } = world;
  for (const act of [
    () => world.give("ws_theirs"),
    () => access.renew(server, "ws_theirs", 0),
    () => access.take(server, "ws_theirs"),
    () => access.take(server, "readers"),
    () => access.take(server, "maker"),
    () => access.take(server, "postgres"),
  ])
    await expect(act()).rejects.toMatchObject({ code: "not_permitted", message: /Guise did not make it/ });
  const [role] = await world.postgres.admin("select rolcanlogin, rolvaliduntil from pg_roles where rolname = 'ws_theirs'");
  expect(role).toEqual({ rolcanlogin: true, rolvaliduntil: null });
  expect(await access.roles(server, "ws_theirs")).toEqual([]);
});

test("roles are found by how their names begin, and by nothing that looks like a pattern", async () => {
  for (const role of ["find_a", "find_b", "findxc", "other"]) await world.give(role);
  expect(await world.access.roles(world.server, "find_")).toEqual(["find_a", "find_b"]);
  await expect(world.access.roles(world.server, "find%")).rejects.toMatchObject({ code: "failed" });
});

test.each([
  ...["", " ", "Upper", "a b", 'a"; drop role readers; --', "a'b", "a\\", "a\0", "ä", "a-b", "a.b", "$1", "a\n", "%s"],
  ...["a".repeat(64), "pg_x", "pg_read_all_data", "public", "none", "__proto__\n"],
])("the name %j is no role's, and goes nowhere", async (name) => {
  const { access, server } = world;
  for (const act of [() => world.give(name), () => access.renew(server, name, 0), () => access.take(server, name)])
    await expect(act()).rejects.toMatchObject({ code: "failed", message: /can be no role of a workspace/ });
  expect(await world.postgres.log()).not.toContain("drop role readers");
});

test.each(["a".repeat(63), "1", "select", "__proto__"])("the name %j is a role's", async (name) => {
  await world.give(name);
  expect(await world.ask(name, "select current_user")).toEqual([name]);
  await world.access.take(world.server, name);
  expect(await world.access.roles(world.server, name)).toEqual([]);
});

test("a group role may have any name that PostgreSQL allows", async () => {
  const group = `The "readers'; -- ä%`;
  await world.postgres.admin(
    `create role "${group.replaceAll('"', '""')}"; grant "${group.replaceAll('"', '""')}" to maker with admin option`,
  );
  await world.postgres.admin(`grant connect on database sales to "${group.replaceAll('"', '""')}"`);
  await world.give("ws_named", { lends: group });
  expect(await connected("ws_named")).toEqual([group]);
  for (const lends of ["", "x".repeat(64), "a\0b"])
    await expect(world.give("ws_named", { lends })).rejects.toMatchObject({ code: "role_missing" });
});

test.each([
  ["an empty password", { password: "" }],
  ["a password that SASLprep would change", { password: "ªbc" }],
  ["no time", { until: Number.NaN }],
  ["a time that is too far", { until: 1e15 }],
])("%s is refused, and not repeated", async (_, change) => {
  const refused = await world.give("ws_bad", change).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "failed" });
  expect(inspect(refused)).not.toContain("ªbc");
});

/** The groups that it has come in with, or the code that it is refused with. */
async function connected(role: string, password = PASSWORD): Promise<unknown> {
  try {
    const client = await world.connect(role, { password });
    const { rows } = await client.query(
      "select array(select roleid::regrole::text from pg_auth_members where member = current_user::regrole) as groups",
    );
    await client.end();
    return (rows[0].groups as string[]).map((name) => name.replace(/^"(.*)"$/, "$1").replaceAll('""', '"'));
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
