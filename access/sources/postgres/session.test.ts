import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { companyCertificate } from "../../test-support/company-certificate.ts";
import { cutWay } from "./cut-way.fixture.ts";
import { createPostgresAccess } from "./postgres-access.ts";
import type { PostgresServer } from "./postgres-source.ts";
import { GRANTS, MAKER, openSourceWorld, type SourceWorld } from "./source-world.fixture.ts";

let world: SourceWorld;
let strangers: string;
const ends: (() => void)[] = [];
beforeAll(async () => {
  world = await openSourceWorld();
  strangers = (await companyCertificate(["DNS:localhost"])).authority;
  await world.postgres.admin("create database closed");
  await world.postgres.admin("revoke connect on database closed from public");
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.unstubAllEnvs();
});

test.each<[string, (server: PostgresServer) => Partial<PostgresServer>, string]>([
  ["another password", () => ({ password: "wrong-but-secret" }), "login_refused"],
  ["no password", () => ({ password: "" }), "login_refused"],
  ["a name that is nobody's", () => ({ user: "nobody" }), "login_refused"],
  ["another name than in the certificate", () => ({ host: "db.example.com" }), "not_verified"],
  ["an address that is not in the certificate", () => ({ host: "192.0.2.1" }), "not_verified"],
  ["another authority of the same name", () => ({ authority: strangers }), "not_verified"],
  ["an authority that is none", () => ({ authority: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }), "not_verified"],
  [
    "the public authorities, who do not know it",
    ({ authority: _, ...server }) => ({ ...server, authority: undefined as never }),
    "not_verified",
  ],
  ["a port where nobody listens", () => ({ port: 1 }), "unreachable"],
  ["a name in place of an address", () => ({ address: "localhost" }), "unreachable"],
  ["a database that is not there", () => ({ database: "none" }), "failed"],
  ["a database that lets it not in", () => ({ database: "closed" }), "not_permitted"],
])("%s", async (_, change, code) => {
  const server = { ...world.server, ...change(world.server) };
  const error = await world.access.roles(server, "ws_").catch((refused: unknown) => refused);
  expect(error).toMatchObject({ code, message: expect.stringContaining(`PostgreSQL at ${server.host}:${server.port}`), remedy: /\w/ });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/wrong-but-secret|of-the-maker-alone/);
  const report = await world.access.test(server, GRANTS);
  expect(report).toMatchObject({ facts: {}, faults: [{ code, message: (error as Error).message }], notes: [] });
});

test.each(["localhost", "db.example.org", "127.0.0.1"])("%s is in its certificate, and the address is connected to", async (host) => {
  expect(await world.access.roles({ ...world.server, host }, "none_")).toEqual([]);
});

test("nothing is left to the environment", async () => {
  const elsewhere = { PGHOST: "192.0.2.1", PGPORT: "1", PGUSER: "nobody", PGDATABASE: "none", PGSSLMODE: "disable", PGOPTIONS: "-c x=y" };
  for (const [name, value] of Object.entries({ ...elsewhere, PGPASSWORD: MAKER.password })) vi.stubEnv(name, value);
  expect(await world.access.roles(world.server, "none_")).toEqual([]);
  await expect(world.access.roles({ ...world.server, password: "" }, "none_")).rejects.toMatchObject({ code: "login_refused" });
});

test("names in statements mean what they mean to PostgreSQL, whatever others have made", async () => {
  await world.postgres.admin("create function public.starts_with(name, text) returns boolean language sql as 'select 1/0 = 1'", "sales");
  await world.postgres.admin("alter role maker set search_path = public, pg_catalog");
  expect(await world.access.roles(world.server, "none_")).toEqual([]);
});

test("one that has no TLS is told no password", async () => {
  const said: Buffer[] = [];
  const port = await listening(
    createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        said.push(bytes);
        socket.write("N");
      });
    }),
  );
  await expect(world.access.roles({ ...world.server, port }, "ws_")).rejects.toMatchObject({ code: "not_verified", message: /no TLS/ });
  // That TLS is wished for, and nothing else.
  expect(Buffer.concat(said)).toEqual(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
});

test.each<[string, (socket: Socket) => void]>([
  ["takes connections and says nothing", () => {}],
  ["hangs up", (socket) => socket.end()],
  ["hangs up on the wish for TLS", (socket) => socket.once("data", () => socket.end())],
  [
    "hangs up in the middle of TLS",
    (socket) => socket.once("data", () => socket.write("S") && socket.once("data", () => socket.destroy())),
  ],
])("one that %s is unreachable, soon", async (_, behave) => {
  const port = await listening(createServer((socket) => behave(socket.on("error", () => {}))));
  const hasty = createPostgresAccess({ connectPatience: 300 });
  await expect(hasty.roles({ ...world.server, port }, "ws_")).rejects.toMatchObject({ code: "unreachable" });
});

test("one that speaks TLS and then nothing is unreachable, soon, and its connection is ended", async () => {
  const { authority, key, certificate } = await companyCertificate(["DNS:localhost"]);
  const tls = createTlsServer({ key, cert: certificate });
  const closed = new Promise((resolve) =>
    tls.once("secureConnection", (socket) =>
      socket
        .resume()
        .on("error", () => {})
        .once("close", resolve),
    ),
  );
  const port = await listening(
    createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("S");
        tls.emit("connection", socket);
      });
    }),
  );
  const hasty = createPostgresAccess({ connectPatience: 700 });
  await expect(hasty.roles({ ...world.server, port, authority }, "ws_")).rejects.toMatchObject({ code: "unreachable", message: /in time/ });
  await closed;
});

test("wherever a connection is cut off, the server is unreachable", async () => {
  for (let messages = 0; ; messages++) {
    const way = await cutWay(world.postgres, messages);
    const told = await world.access.roles({ ...world.server, port: way.port }, "none_").catch((error: unknown) => error);
    way.close();
    if (Array.isArray(told)) {
      expect(messages).toBeGreaterThan(4);
      break;
    }
    expect([messages, told]).toMatchObject([messages, { code: "unreachable" }]);
  }
});

test("every connection is ended, also after what failed", async () => {
  await world.access.roles(world.server, "none_");
  await expect(world.give("ws_none", { lends: "nobody" })).rejects.toMatchObject({ code: "role_missing" });
  await world.access.test(world.server, GRANTS);
  await expect.poll(() => world.postgres.admin("select from pg_stat_activity where usename = 'maker'")).toEqual([]);
});

// The last one: nobody answers from here on.
test("a server that is stopped is unreachable", async () => {
  await world.postgres.stop();
  await expect(world.access.take(world.server, "ws_any")).rejects.toMatchObject({ code: "unreachable", remedy: /see that it runs/ });
});

async function listening(server: Server): Promise<number> {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
