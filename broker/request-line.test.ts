import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { answerOneByOne } from "./request-line.ts";
import { readInTurns } from "./turn-socket.ts";

let server: Server;
let client: Socket;

async function world(listener: RequestListener): Promise<Socket> {
  server = createServer(listener);
  answerOneByOne(server);
  readInTurns(server, () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  return client;
}
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const requestOf = (path: string, body = "") => `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** Resolves with the paths that were answered, once there are so many. */
function answered(from: Socket, count: number): Promise<string[]> {
  let text = "";
  return new Promise((resolve) => {
    from.on("data", (bytes) => {
      text += bytes;
      const paths = [...text.matchAll(/<(.*?)>/g)].map(([, path]) => String(path));
      if (paths.length === count) resolve(paths);
    });
  });
}

test("requests of one connection are begun one after the other, whole and in order; what comes beside them is not read", async () => {
  let running = 0;
  let most = 0;
  let sent = 0;
  const socket = await world(async (request, response) => {
    most = Math.max(most, ++running);
    let body = "";
    for await (const part of request) body += part;
    await new Promise(setImmediate);
    running--;
    response.end(`<${request.url} ${body.length}>`);
  });
  const requests = Array.from({ length: 500 }, (_, index) => requestOf(`/${index}`, "b".repeat(index * 7)));
  const all = answered(socket, requests.length);
  for (const one of requests) sent += socket.write(one) ? 1 : 0;
  expect(await all).toEqual(requests.map((_, index) => `/${index} ${index * 7}`));
  expect(most).toBe(1);
  expect(sent).toBeLessThan(requests.length);
});

test("while one connection sends requests without end, the loop comes to everybody else after a few of them", async () => {
  let begun = 0;
  const socket = await world((request, response) => {
    begun++;
    const until = performance.now() + 2;
    while (performance.now() < until);
    response.end(`<${request.url}>`);
  });
  const all = answered(socket, 200);
  socket.write(requestOf("/").repeat(200));
  const atOnce: number[] = [];
  for (let before = begun; begun < 200; before = begun) {
    await new Promise(setImmediate);
    atOnce.push(begun - before);
  }
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(2);
  await all;
});

test("a connection that is closed meanwhile begins nothing any more", async () => {
  let begun = 0;
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const socket = await world((_request, response) => {
    begun++;
    response.once("close", resolve);
    socket.destroy();
  });
  socket.write(requestOf("/").repeat(20));
  await first;
  await new Promise((later) => setTimeout(later, 50));
  expect(begun).toBe(1);
});
