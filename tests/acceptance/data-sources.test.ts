import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "#access/postgres-server";
import { type Outside, openOutside } from "#drivers/docker/outside";
import { tinyPersona, World } from "./support/world.ts";

/** A real PostgreSQL on a host of its own, which no workspace reaches otherwise. */
let world: World;
let outside: Outside;
let postgres: TestPostgres;

const SALES = `
  CREATE TABLE orders (id int primary key, amount int);
  INSERT INTO orders SELECT n, n * 10 FROM generate_series(1, 100) n;
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  CREATE ROLE sales_reader NOLOGIN;
  GRANT USAGE ON SCHEMA public TO sales_reader;
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO sales_reader;
  CREATE ROLE sales_writer NOLOGIN;
  GRANT USAGE ON SCHEMA public TO sales_writer;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sales_writer;
  CREATE ROLE guise LOGIN CREATEROLE PASSWORD 'only-for-making-roles';
  GRANT sales_reader, sales_writer TO guise WITH ADMIN OPTION;`;

beforeAll(async () => {
  outside = await openOutside();
  postgres = await startPostgres({ address: outside.address, namespace: outside.namespace });
  await postgres.admin("CREATE DATABASE sales");
  await postgres.admin(SALES, "sales");
  world = await World.open();
});
afterAll(async () => {
  await world?.close();
  await postgres?.stop();
  outside?.close();
});

const analyst = (over: Readonly<Record<string, unknown>> = {}) =>
  tinyPersona({
    ...{ persona_id: "reader", persona_name: "Reader", required_applications: ["psql"], application_configuration: {} },
    ...{ access_controls: { data_sources: [{ source: "sales", access: "read" }] }, environments: {}, ...over },
  });
const psql = (workspace: string, sql: string) => world.guise("exec", workspace, "--", "psql", "-XAtc", sql);
const roles = async () => (await postgres.admin("SELECT rolname FROM pg_roles WHERE rolname LIKE 'guise\\_%'")).map((row) => row.rolname);
const request = async (persona: string) => {
  const { exit, stdout, stderr } = await world.guise("request", persona, "--json");
  expect([exit, stderr]).toEqual([0, ""]);
  return /w-[a-z2-7]{20}/.exec(stdout)?.[0] ?? expect.fail(`no workspace in ${stdout}`);
};

test("a superuser is not taken; who may only make roles is, and its password is asked for", async () => {
  await postgres.admin("CREATE ROLE mighty SUPERUSER LOGIN PASSWORD 'too-mighty-for-this'");
  const lent = ["--named-by-everyone", "--for", "engineering", "--authority", world.file("ca.pem", postgres.authority)];
  const place = ["--postgres", `${postgres.address}/sales`, "--read", "sales_reader", "--write", "sales_writer"];
  const mighty = await world.guiseTold("too-mighty-for-this", "admin", "source", "add", "sales", ...place, ...lent, "--username", "mighty");
  expect([mighty.exit, mighty.stderr]).toEqual([2, expect.stringContaining("SUPERUSER")]);
  const added = await world.guiseTold("only-for-making-roles", "admin", "source", "add", "sales", ...place, ...lent, "--username", "guise");
  expect(added).toMatchObject({ exit: 0, stdout: expect.stringContaining("to be read and written by engineering") });
});

test("a workspace reads what it may without a word of configuration, writes nothing, and reaches nothing beside it", async () => {
  await world.publish(analyst());
  const id = await request("reader");
  expect((await psql(id, "SELECT count(*), sum(amount) FROM orders")).stdout).toBe("100|50500\n");
  for (const sql of [
    "INSERT INTO orders VALUES (0, 0)",
    "CREATE TABLE mine (a int)",
    "CREATE TEMP TABLE t AS SELECT 1; SET ROLE sales_writer",
  ])
    expect((await psql(id, sql)).stderr).toMatch(/permission denied|must be (?:a )?member|cannot set role/);
  const [port] = outside.ports;
  const other = await world.guise("exec", id, "--", "bash", "-c", `exec 3<>/dev/tcp/${outside.address}/${port}`);
  expect([other.exit, other.stderr]).toEqual([1, expect.stringContaining("refused")]);
  expect(await roles()).toHaveLength(1);
  expect((await world.guise("why", id)).stdout).toMatch(/data +sales, to be read\n/);
});

test("it goes on when Guise is killed, and the password is nowhere but inside", async () => {
  const [{ workspace_id: id } = { workspace_id: "" }] = JSON.parse((await world.guise("ps", "--json")).stdout) as {
    workspace_id: string;
  }[];
  const line = (await world.guise("exec", id, "--", "cat", "/run/guise/data/pgpass")).stdout.trim();
  const password = line.split(":").at(-1) ?? "";
  expect(password.length).toBeGreaterThan(30);
  expect((await world.guise("exec", id, "--", "stat", "-c", "%a %T", "-f", "/run/guise/data")).stdout).toContain("tmpfs");
  await world.kill();
  await world.start();
  await expect.poll(async () => (await psql(id, "SELECT 1")).stdout, { timeout: 30_000, interval: 500 }).toBe("1\n");
  expect(await world.filesWith(password)).toEqual([]);
  expect(await world.filesWith("only-for-making-roles")).toEqual([]);
  expect(await postgres.log()).not.toContain(password);
});

test("who may not have it any more loses it within a minute, an open connection included, and the workspace goes on", async () => {
  const [{ workspace_id: id } = { workspace_id: "" }] = JSON.parse((await world.guise("ps", "--json")).stdout) as {
    workspace_id: string;
  }[];
  const sleeping = psql(id, "SELECT pg_sleep(600)");
  const open = async () =>
    (await postgres.admin("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()")).length;
  await expect.poll(open, { timeout: 20_000, interval: 250 }).toBe(1);
  await world.guise("admin", "group", "create", "others");
  await world.guise("admin", "source", "set", "sales", "--for", "others");
  expect((await sleeping).exit).not.toBe(0);
  await expect.poll(roles, { timeout: 30_000, interval: 250 }).toEqual([]);
  expect((await psql(id, "SELECT 1")).exit).not.toBe(0);
  expect((await world.guise("why", id)).stdout).toMatch(/data +no access to sales any more/);
  expect((await world.guise("exec", id, "--", "echo", "goes on")).stdout).toBe("goes on\n");
  await world.guise("release", id);
  const refused = await world.guise("request", "reader");
  expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining('data source "sales"')]);
});

test("what is given to write writes, and ends with the workspace", async () => {
  await world.guise("admin", "source", "set", "sales", "--for-everyone");
  await world.publish(
    analyst({ persona_id: "writer", persona_name: "Writer", access_controls: { data_sources: [{ source: "sales", access: "write" }] } }),
  );
  const id = await request("writer");
  expect((await psql(id, "UPDATE orders SET amount = 0 WHERE id = 1 RETURNING id")).stdout).toContain("1\n");
  expect((await psql(id, "DROP TABLE orders")).stderr).toContain("must be owner");
  await world.guise("release", id);
  expect(await roles()).toEqual([]);
  const removed = await world.guise("admin", "source", "remove", "sales");
  expect(removed.stdout).toContain("nobody has it");
  await expect.poll(async () => (await world.guise("admin", "source", "list")).stdout, { timeout: 30_000 }).not.toContain("postgres");
});
