import { Client } from "pg";
import { startPostgres, type TestPostgres } from "../../test-support/postgres-server.ts";
import { createPostgresAccess, type PostgresAccess } from "./postgres-access.ts";
import type { GivenRole, PostgresServer } from "./postgres-source.ts";

export const MAKER = { user: "maker", password: "of-the-maker-alone" } as const;
/** Of the roles that a test gives, where it says nothing else. */
export const PASSWORD = "of-the-workspace-alone";
export const GRANTS = { read: "readers", write: "writers" } as const;

/** A database "sales" with a table of orders, whose administrator has made all that Guise needs, and nothing more. */
export interface SourceWorld extends AsyncDisposable {
  readonly postgres: TestPostgres;
  readonly server: PostgresServer;
  readonly access: PostgresAccess;
  give(role: string, change?: Partial<GivenRole>): Promise<void>;
  /** A connection as a workspace has it; ended with the world. */
  connect(role: string, choices?: { readonly password?: string; readonly database?: string }): Promise<Client>;
  /** What the statement answers to the role, or the code that it is refused with. */
  ask(role: string, sql: string): Promise<unknown>;
}

const ROLES = `create role ${MAKER.user} login createrole password '${MAKER.password}'; create role readers; create role writers;
  grant readers, writers to maker with admin option`;
const TABLES = `revoke create on schema public from public; revoke all on database sales from public;
  grant connect on database sales to maker, readers, writers;
  create table orders (id int primary key, total int); insert into orders values (1, 10), (2, 20);
  grant select on orders to readers; grant select, insert, update, delete on orders to writers`;

export async function openSourceWorld(settings: readonly string[] = []): Promise<SourceWorld> {
  const postgres = await startPostgres({ names: ["db.example.org"], settings });
  for (const sql of [ROLES, "create database sales", "revoke connect on database postgres, template1 from public"])
    await postgres.admin(sql);
  await postgres.admin(TABLES, "sales");
  const { address, port, authority } = postgres;
  const server = { host: "localhost", address, port, database: "sales", authority, ...MAKER };
  const access = createPostgresAccess();
  const clients: Client[] = [];
  const connect: SourceWorld["connect"] = async (user, { password = PASSWORD, database = "sales" } = {}) => {
    const client = new Client({ host: "localhost", port, user, password, database, ssl: { ca: authority } });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  };
  return {
    ...{ postgres, server, access, connect },
    give: (role, change) => access.give(server, { role, password: PASSWORD, lends: "readers", until: Date.now() + 3_600_000, ...change }),
    async ask(role, sql) {
      const client = await connect(role);
      try {
        return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        await client.end();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.end().catch(() => {});
      await postgres.stop();
    },
  };
}
