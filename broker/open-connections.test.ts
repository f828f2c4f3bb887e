import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { OpenConnections } from "./open-connections.ts";
import { openWorld, type World } from "./test-world.ts";

/** Connections without a sign-in are bounded in number and time, and cost nobody who signs in anything (SECURITY-RULES 29). */
const LIMITS = { strangerConnections: 20, strangerTime: 60_000, connectionsPerPerson: 3, connections: 5 };
let world: World;
let base: URL;
let sockets: Socket[];

beforeEach(async () => {
  world = await openWorld(LIMITS);
  base = new URL(await world.broker.listen({ host: "127.0.0.1", port: 0 }));
  world.hosts.push(base.host);
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await world.close();
});

/** From any address of this machine; `closed` resolves when Guise has closed it. */
async function open(localAddress = "127.0.0.1") {
  const socket = connect({ port: Number(base.port), host: "127.0.0.1", localAddress }).on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.setEncoding("utf8");
  sockets.push(socket);
  await once(socket, "connect");
  return { socket, closed };
}

const request = (url: string, token?: string) =>
  `GET ${url} HTTP/1.1\r\nhost: ${base.host}\r\n${token === undefined ? "" : `authorization: Bearer ${token}\r\n`}\r\n`;

async function answered(socket: Socket, url: string, token?: string): Promise<number> {
  socket.write(request(url, token));
  const [text] = await once(socket, "data");
  return Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]);
}

test("ten times as many idle connections as may be cost nobody anything", async () => {
  const ann = await world.account("ann", ["user"]);
  const mine = await open();
  expect(await answered(mine.socket, "/v1/me", ann)).toBe(200);
  const crowd = await Promise.all(Array.from({ length: 200 }, (_, index) => open(`127.0.${index % 7}.${1 + (index % 250)}`)));
  await Promise.all(crowd.slice(0, 150).map(({ closed }) => closed));
  expect(world.broker.connections.counts).toEqual({ strangers: 20, known: 1 });
  // Who was signed in still is, and who comes now is served.
  expect(await answered(mine.socket, "/v1/me", ann)).toBe(200);
  const other = await open();
  expect(await answered(other.socket, "/livez")).toBe(200);
  expect(await answered(other.socket, "/v1/me", ann)).toBe(200);
  expect(world.broker.connections.counts).toEqual({ strangers: 19, known: 2 });
});

test("of strangers the longest idle goes first, and none that waits for its answer", async () => {
  const asks = await open();
  const body = "x".repeat(50);
  asks.socket.write(`POST /v1/token HTTP/1.1\r\nhost: ${base.host}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n`);
  const speaks = await open();
  expect(await answered(speaks.socket, "/livez")).toBe(200);
  const crowd = await Promise.all(Array.from({ length: 19 }, () => open()));
  await speaks.closed;
  asks.socket.write(body);
  expect(String((await once(asks.socket, "data"))[0])).toMatch(/^HTTP\/1.1 400/);
  expect(crowd.filter(({ socket }) => socket.destroyed)).toEqual([]);
});

test("where they are busy with nothing, the slowest goes, so that there is always room for who has yet to speak", async () => {
  const drip = async () => {
    const one = await open();
    one.socket.write(
      `POST /v1/token HTTP/1.1\r\nhost: ${base.host}\r\ncontent-type: application/json\r\ncontent-length: 50\r\nexpect: 100-continue\r\n\r\n{`,
    );
    // By then its request is under way.
    await once(one.socket, "data");
    return one;
  };
  const drips: Awaited<ReturnType<typeof drip>>[] = [];
  for (let index = 0; index < 20; index++) drips.push(await drip());
  const crowd = await Promise.all(Array.from({ length: 10 }, () => open()));
  await Promise.all(drips.slice(0, 10).map(({ closed }) => closed));
  const last = await open();
  expect(await answered(last.socket, "/livez")).toBe(200);
  expect(drips.filter(({ socket }) => socket.destroyed)).toHaveLength(10);
  await crowd[0]?.closed;
});

test("a stranger's connection ends when nothing has happened on it for its time", async () => {
  const idle = await open();
  const spoken = await open();
  expect(await answered(spoken.socket, "/livez")).toBe(200);
  world.clock.advance(59_000);
  expect(await answered(spoken.socket, "/livez")).toBe(200);
  world.clock.advance(1_000);
  await idle.closed;
  expect(await answered(spoken.socket, "/livez")).toBe(200);
  world.clock.advance(60_000);
  await spoken.closed;
});

test("one person's connections are bounded too, and take nothing from others", async () => {
  const ann = await world.account("ann", ["user"]);
  const bob = await world.account("bob", ["user"]);
  const his = await open();
  expect(await answered(his.socket, "/v1/me", bob)).toBe(200);
  const hers = [];
  for (let index = 0; index < 6; index++) {
    const one = await open();
    expect(await answered(one.socket, "/v1/me", ann)).toBe(200);
    hers.push(one);
  }
  await Promise.all(hers.slice(0, 3).map(({ closed }) => closed));
  expect(world.broker.connections.counts).toEqual({ strangers: 0, known: 4 });
  expect(await answered(his.socket, "/v1/me", bob)).toBe(200);
});

test("who leaves while it is looked up who he is holds no place afterwards", async () => {
  const connections = new OpenConnections(new ManualClock(), LIMITS);
  const server = createServer();
  connections.watch(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const arrived = once(server, "connection");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await arrived) as [Socket];
  const gone = once(socket, "close");
  client.destroy();
  await gone;
  connections.signedIn(socket, "ann");
  expect(connections.counts).toEqual({ strangers: 0, known: 0 });
  server.close();
});
