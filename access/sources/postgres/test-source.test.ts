import { afterAll, beforeAll, expect, test } from "vitest";
import { GRANTS, openSourceWorld, type SourceWorld } from "./source-world.fixture.ts";

let world: SourceWorld;
beforeAll(async () => {
  world = await openSourceWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const admin = (sql: string) => world.postgres.admin(sql, "sales");
const report = (grants = {}) => world.access.test(world.server, { ...GRANTS, ...grants });
const isBefore16 = () => world.postgres.version < 16;

test("what an administrator made as it should be has no faults", async () => {
  const told = await report();
  expect(told.faults).toEqual([]);
  expect(told.facts).toEqual({ version: expect.stringMatching(/^\d+\.\d+$/), readable: 1, writable: 1 });
  expect(told.notes.filter((note) => !note.startsWith("before PostgreSQL 16"))).toEqual([]);
  expect(told.notes.length > 0).toBe(isBefore16());
});

test("it changes nothing, and says nothing in the log but questions", async () => {
  const before = (await world.postgres.log()).length;
  await report();
  expect((await world.postgres.log()).slice(before)).not.toMatch(
    /\b(?:create|alter|grant|revoke|drop|insert|set) (?:role|table|local|into)/i,
  );
});

/** What is done to a database that was right, the words that tell it, and how it is undone. */
const TOO_MUCH: readonly [string, string, string, string][] = [
  ["too_powerful", "alter role maker superuser", '"maker", which makes the roles, has SUPERUSER', "alter role maker nosuperuser"],
  ["too_powerful", "alter role maker replication", "has REPLICATION", "alter role maker noreplication"],
  ["too_powerful", "alter role maker bypassrls", "has BYPASSRLS", "alter role maker nobypassrls"],
  ["too_powerful", "create role big superuser; grant big to maker", 'has SUPERUSER through "big"', "revoke big from maker; drop role big"],
  [
    "too_powerful",
    "grant pg_execute_server_program to maker",
    "has pg_execute_server_program",
    "revoke pg_execute_server_program from maker",
  ],
  ["too_powerful", "create role rds_superuser; grant rds_superuser to maker", "has rds_superuser", "drop role rds_superuser"],
  ["not_permitted", "alter role maker nocreaterole", '"maker" may make no roles', "alter role maker createrole"],
  ["lends_too_much", "alter role readers superuser", '"readers" has SUPERUSER', "alter role readers nosuperuser"],
  ["lends_too_much", "alter role readers createrole", '"readers" has CREATEROLE', "alter role readers nocreaterole"],
  ["lends_too_much", "alter role writers createdb", '"writers" has CREATEDB', "alter role writers nocreatedb"],
  ["lends_too_much", "alter role writers replication", '"writers" has REPLICATION', "alter role writers noreplication"],
  ["lends_too_much", "alter role writers bypassrls", '"writers" has BYPASSRLS', "alter role writers nobypassrls"],
  ["lends_too_much", "alter role readers login", '"readers" lets one sign in as itself', "alter role readers nologin"],
  [
    "lends_too_much",
    "create role deep createdb; create role mid; grant deep to mid; grant mid to readers",
    '"readers" has CREATEDB through "deep"',
    "drop role mid; drop role deep",
  ],
  ...["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pg_signal_backend", "pg_monitor"].map(
    (role): [string, string, string, string] => [
      "lends_too_much",
      `grant ${role} to readers`,
      `"readers" is a member of ${role}`,
      `revoke ${role} from readers`,
    ],
  ),
  ["lends_too_much", "create role azure_pg_admin; grant azure_pg_admin to writers", "azure_pg_admin", "drop role azure_pg_admin"],
  [
    "lends_too_much",
    "grant create on schema public to readers",
    '"readers" may CREATE in schema public',
    "revoke create on schema public from readers",
  ],
  [
    "lends_too_much",
    `create schema "odd ""one"; grant create on schema "odd ""one" to writers`,
    '"writers" may CREATE in schema "odd ""one"',
    `drop schema "odd ""one"`,
  ],
  [
    "lends_too_much",
    "grant create on database sales to readers",
    '"readers" may CREATE schemas in database sales',
    "revoke create on database sales from readers",
  ],
  [
    "lends_too_much",
    "grant create on schema public to public",
    "everybody may CREATE in schema public",
    "revoke create on schema public from public",
  ],
  ...["insert", "update", "delete", "truncate", "update (total)", "insert (id)"].map((right): [string, string, string, string] => [
    "lends_too_much",
    `grant ${right} on orders to readers`,
    '"readers" is for reading, and may write public.orders',
    `revoke ${right} on orders from readers`,
  ]),
  [
    "lends_too_much",
    "grant delete on orders to public",
    '"readers" is for reading, and may write public.orders',
    "revoke delete on orders from public",
  ],
  [
    "lends_too_much",
    "create sequence counted; grant update on sequence counted to readers",
    "may write public.counted",
    "drop sequence counted",
  ],
  ["lends_too_much", "grant trigger on orders to writers", '"writers" may make triggers', "revoke trigger on orders from writers"],
  [
    "lends_too_much",
    "grant select on orders to readers with grant option",
    '"readers" may pass on its rights on public.orders',
    "revoke grant option for select on orders from readers",
  ],
  [
    "lends_too_much",
    "grant writers to readers with admin option",
    '"readers" may pass on its rights on role writers',
    "revoke writers from readers",
  ],
  [
    "lends_too_much",
    "create table owned (a int); alter table owned owner to readers",
    '"readers" owns table public.owned',
    "drop table owned",
  ],
  [
    "lends_too_much",
    "create function owned() returns int language sql as 'select 1'; alter function owned() owner to writers",
    '"writers" owns function public.owned()',
    "drop function owned()",
  ],
  ["lends_too_much", "create schema owned authorization readers", '"readers" owns schema owned', "drop schema owned"],
  [
    "lends_too_much",
    "create role owner_of; create table owned (a int); alter table owned owner to owner_of; grant owner_of to writers",
    '"writers" owns table public.owned',
    "drop table owned; drop role owner_of",
  ],
  [
    "lends_too_much",
    "grant execute on function pg_read_file(text) to readers",
    '"readers" reaches files of the server by pg_read_file',
    "revoke execute on function pg_read_file(text) from readers",
  ],
  ["role_missing", "alter role writers rename to authors", 'there is no role "writers"', "alter role authors rename to writers"],
];

test.each(TOO_MUCH)("%s: %s", async (code, done, words, undone) => {
  await admin(done);
  try {
    expect((await report()).faults).toContainEqual({ code, message: expect.stringContaining(words), remedy: expect.stringMatching(/\w/) });
  } finally {
    await admin(undone);
  }
});

test("and with all of it undone nothing is left to say", async () => {
  expect((await report()).faults).toEqual([]);
});

test("what the provisioner may not lend is said", async () => {
  await admin("revoke admin option for readers from maker");
  const { faults } = await report();
  // Before 16 who may make roles may lend all.
  if (isBefore16()) expect(faults).toEqual([]);
  else expect(faults).toMatchObject([{ code: "not_permitted", message: '"maker" may not lend "readers"' }]);
  await admin("grant readers to maker with admin option");
  await admin("alter role maker noinherit");
  expect((await report()).faults.map(({ message }) => message)).toEqual(
    isBefore16() ? ['"maker" is NOINHERIT, and could not end connections'] : [],
  );
  await admin("alter role maker inherit");
});

test.each(["", "a\0b", "x".repeat(64), "nobody"])("a group of the name %j is missing", async (read) => {
  expect((await report({ read })).faults).toMatchObject([{ code: "role_missing" }]);
});

test("all data may be lent to read, and to write; what comes with it is said", async () => {
  if (world.postgres.version < 14) return;
  await admin("grant pg_read_all_data to readers; grant pg_read_all_data, pg_write_all_data to writers");
  const told = await report();
  expect(told.faults).toEqual([]);
  expect(told.notes).toContain('"readers" may read the password verifiers of all roles, in pg_authid');
  await admin("revoke pg_read_all_data from readers, writers; revoke pg_write_all_data from writers");
});

test("what everybody may do is told, and what a group may not yet", async () => {
  await admin("grant temp on database sales to public; revoke select on orders from readers");
  await world.postgres.admin("grant connect on database postgres to public");
  await admin("create function lends() returns int language sql security definer as 'select 1'");
  const { faults, notes } = await report();
  expect(faults).toEqual([]);
  expect(notes).toEqual(
    expect.arrayContaining([
      '"readers" may read no table yet',
      expect.stringContaining("everybody may make temporary tables in database sales"),
      "everybody may connect to other databases of the server: postgres",
      "everybody may call functions that run with their owner's rights: public.lends()",
    ]),
  );
});
