import { afterAll, beforeAll, expect, test } from "vitest";
import { openSourceWorld, type SourceWorld } from "./source-world.fixture.ts";

let world: SourceWorld;
beforeAll(async () => {
  world = await openSourceWorld(["max_prepared_transactions=5"]);
  await world.postgres.admin("create database other");
  await world.postgres.admin("grant connect on database other to maker, readers", "sales");
});
afterAll(() => world[Symbol.asyncDispose]());

const ENDED = "57P01";
const admin = (sql: string, database = "sales") => world.postgres.admin(sql, database);
const take = (role: string) => world.access.take(world.server, role);
const isThere = async (role: string) => (await admin(`select from pg_roles where rolname = '${role}'`)).length > 0;
const connections = async (role: string) => (await admin(`select from pg_stat_activity where usename = '${role}'`)).length;
/** One that works until somebody ends it; the code that it ends with. */
async function working(role: string): Promise<{ readonly ended: Promise<unknown> }> {
  const client = await world.connect(role);
  const ended = client.query("select pg_sleep(600)").then(
    () => "not at all",
    (error: { code?: string }) => error.code,
  );
  await expect.poll(() => admin(`select from pg_stat_activity where usename = '${role}' and wait_event = 'PgSleep'`)).toHaveLength(1);
  return { ended };
}

test("the role goes with its connections, in the middle of what they do; another's go on", async () => {
  await world.give("ws_gone");
  await world.give("ws_stays");
  const [gone, idle, stays] = [await working("ws_gone"), await world.connect("ws_gone"), await world.connect("ws_stays")];
  await take("ws_gone");
  expect([await isThere("ws_gone"), await connections("ws_gone"), await gone.ended]).toEqual([false, 0, ENDED]);
  await expect(idle.query("select 1")).rejects.toThrow();
  expect((await stays.query("select count(*)::int as n from orders")).rows).toEqual([{ n: 2 }]);
  expect(await world.access.roles(world.server, "ws_")).toContain("ws_stays");
});

test("what is gone is gone, however often", async () => {
  await world.give("ws_twice");
  for (const role of ["ws_twice", "ws_twice", "ws_never"]) await take(role);
  expect(await isThere("ws_twice")).toBe(false);
});

const LENT = () => (world.postgres.version >= 16 ? " with inherit true" : "");
test.each([
  ["nobody comes in any more", () => ["alter role ws_half nologin connection limit 0 password null"]],
  ["the provisioner may end it", () => ["alter role ws_half nologin", `set role maker; grant ws_half to maker${LENT()}`]],
  ["its password alone is gone", () => ["alter role ws_half password null"]],
])("taken up again where %s, with connections", async (_, steps) => {
  await world.give("ws_half");
  const open = await working("ws_half");
  for (const sql of steps()) await admin(sql);
  await take("ws_half");
  expect([await isThere("ws_half"), await open.ended]).toEqual([false, ENDED]);
});

test("taken up again where its things are gone, and given again where it was to go", async () => {
  await world.give("ws_half");
  await admin("alter role ws_half nologin; drop owned by ws_half");
  await world.give("ws_half");
  expect(await world.ask("ws_half", "select 1")).toEqual([1]);
  await take("ws_half");
  expect(await isThere("ws_half")).toBe(false);
});

test("its large objects go with it", async () => {
  await world.give("ws_large");
  expect(await world.ask("ws_large", "select lo_from_bytea(0, 'mine') > 0")).toEqual([true]);
  await take("ws_large");
  expect([await isThere("ws_large"), await admin("select from pg_largeobject_metadata")]).toEqual([false, []]);
});

test("a transaction that it prepared, which nobody else could end, holds nothing any more", async () => {
  await world.give("ws_prepares", { lends: "writers" });
  const client = await world.connect("ws_prepares");
  for (const sql of ["begin", "update orders set total = 0", `prepare transaction 'it''s mine'`]) await client.query(sql);
  await take("ws_prepares");
  expect([await isThere("ws_prepares"), await admin("select from pg_prepared_xacts")]).toEqual([false, []]);
  expect(await admin("select sum(total)::int as all from orders")).toEqual([{ all: 30 }]);
});

/** What a role can leave that had more rights for a while. */
const LEAVINGS = [
  "create table left_rows (id int primary key, note text default 'x'); insert into left_rows values (1)",
  "create function left_power() returns int language sql security definer as 'select 1'",
  "create procedure left_deed() language sql as 'select 1'",
  "create aggregate left_sum (int) (sfunc = int4pl, stype = int)",
  "create function left_change() returns trigger language plpgsql as 'begin return new; end'",
  "create trigger left_by before insert on left_rows for each row execute function left_change()",
  "create rule left_rule as on update to left_rows do also select 1",
  "create trigger left_on_others before insert on orders for each row execute function left_change()",
  "create view left_view as select * from orders",
  "create materialized view left_copy as select * from left_rows",
  "create operator === (leftarg = int, rightarg = int, procedure = int4eq)",
  "create type left_kind as enum ('a')",
  "create statistics left_statistics on id, note from left_rows",
  "alter default privileges grant select on tables to public",
  "grant select on left_rows to readers",
  "select lo_create(0)",
];
const LEFT = `select proname::text as name from pg_proc where proname like 'left\\_%' union select tgname from pg_trigger where tgname like 'left\\_%'
  union select rulename from pg_rewrite where rulename like 'left\\_%' union select relname from pg_class where relname like 'left\\_%' and relkind in ('v', 'm')
  union select oprname from pg_operator where oprname = '===' and oid > 16384 union select 'default' from pg_default_acl`;

test.each(["sales", "other"])("of what it made in database %s while it could, rows alone are left, to nobody", async (database) => {
  await world.give("ws_makes", { lends: "readers" });
  await admin("grant create on schema public to ws_makes", database);
  if (database === "sales") await admin("grant trigger on orders to ws_makes");
  else await admin("create table if not exists orders (id int); grant all on orders to ws_makes", database);
  const client = await world.connect("ws_makes", { database });
  for (const sql of LEAVINGS) await client.query(sql);
  await admin("revoke create on schema public from ws_makes; revoke all on orders from ws_makes", database);
  expect((await admin(LEFT, database)).length).toBeGreaterThan(9);
  await take("ws_makes");
  expect([await isThere("ws_makes"), await admin(LEFT, database)]).toEqual([false, []]);
  expect(await admin("select * from left_rows", database)).toEqual([{ id: 1, note: "x" }]);
  const [heir] = await admin(
    "select rolname as name, rolcanlogin, (select count(*)::int from pg_auth_members where member = relowner) as groups from pg_class join pg_roles on pg_roles.oid = relowner where relname = 'left_rows'",
    database,
  );
  expect(heir).toEqual({ name: expect.stringMatching(/^heir_of_\d+$/), rolcanlogin: false, groups: 0 });
  const members = "select inherit_option or set_option as may from pg_auth_members where roleid::regrole::text like 'heir_of%'";
  const lent = await admin(world.postgres.version >= 16 ? members : members.replace("inherit_option or set_option", "true"));
  expect(lent.filter(({ may }) => may === true)).toEqual([]);
  expect(await world.access.roles(world.server, "heir_of_")).toEqual([]);
});

test("to an heir that can do something nothing is left", async () => {
  await world.give("ws_heir");
  await admin("grant create on schema public to ws_heir");
  await (await world.connect("ws_heir")).query("create table bequest (a int)");
  await admin("revoke create on schema public from ws_heir");
  const [maker] = await admin("select 'heir_of_' || oid as heir from pg_roles where rolname = 'maker'");
  await admin(`do $$ begin create role ${maker?.heir}; exception when duplicate_object then null; end $$`);
  await admin(`alter role ${maker?.heir} login`);
  await expect(take("ws_heir")).rejects.toMatchObject({ code: "lends_too_much", remedy: /NOLOGIN/ });
  await admin(`alter role ${maker?.heir} nologin`);
  await admin(`grant ${maker?.heir} to maker with admin option`);
  await take("ws_heir");
  expect(await isThere("ws_heir")).toBe(false);
});

test("what only the administrator can end is said, and until then nobody comes in", async () => {
  await world.give("ws_granted");
  await admin("grant select on orders to ws_granted");
  const open = await working("ws_granted");
  await expect(take("ws_granted")).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining(`database "sales": role "ws_granted" cannot be dropped`),
    remedy: expect.stringContaining("DROP OWNED"),
  });
  expect(await open.ended).toBe(ENDED);
  await expect(world.connect("ws_granted")).rejects.toMatchObject({ code: "28P01" });
  await admin("drop owned by ws_granted");
  await take("ws_granted");
  expect(await isThere("ws_granted")).toBe(false);
});
