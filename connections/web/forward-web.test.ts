import { Agent, createServer, request, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcp, type Socket, type Server as TcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { forwardRequest, forwardUpgrade } from "./forward-web.ts";

/** Whatever an application answers, and whenever a browser leaves: nothing is thrown where nobody could catch it. */

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const listen = (server: Server | TcpServer) =>
  new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));

/** An application that answers each connection with these bytes, once asked. */
async function application(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

/** A proxy to it, and what it told of failures. */
async function proxyTo(port: number) {
  const failures: string[] = [];
  const createConnection = () => connect(port, "127.0.0.1");
  const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 16 }), { createConnection });
  const upgrades = Object.assign(new Agent(), { createConnection });
  const isOurs = () => false;
  const parts = {
    upstream: { agent, upgrades },
    ours: { isOurs, holdsCredential: () => false },
    rules: { isOurs, framedBy: "http://portal" },
  };
  const server = createServer((incoming, response) =>
    forwardRequest(
      {
        ...parts,
        failed: (error) => {
          failures.push(error.message);
          response.writeHead(502).end();
        },
      },
      incoming,
      response,
    ),
  );
  server.on("upgrade", (incoming, socket, head) =>
    forwardUpgrade(
      {
        ...parts,
        failed: (error) => {
          failures.push(error.message);
          socket.destroy();
        },
      },
      incoming,
      socket,
      head,
    ),
  );
  closing.push(() => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  return { port: await listen(server), failures };
}

function ask(port: number, { leaveAfter }: { readonly leaveAfter?: number } = {}): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("close", () => resolve(`${answer.statusCode} ${text}`));
    });
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    sent.end();
    if (leaveAfter !== undefined) setTimeout(() => sent.destroy(), leaveAfter);
  });
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("answers that are none", () => {
  test.each<[string, string]>([
    ["bytes of another protocol", "\u0000\u0001\u0016\u0003 hello"],
    ["a status that does not exist", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok"],
    ["a status of nothing", "HTTP/1.1 000 \r\n\r\n"],
    ["a reason with letters of any kind", "HTTP/1.1 200 \u00e4\u0080\r\nContent-Length: 2\r\n\r\nok"],
    ["a protocol that nobody asked for", "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"],
    ["nothing", ""],
    ["half a head", "HTTP/1.1 200 OK\r\nContent-"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"],
    ["less than it promised", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok"],
    ["chunks that are none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["headers with letters of any kind", "HTTP/1.1 200 OK\r\nX-\u00e4: \u0080\u00ff\r\nContent-Length: 2\r\n\r\nok"],
    ["a head without an end", `HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(5_000)}`],
    ["early hints, and then an answer", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`],
  ])("%s: the request ends, and the next one is answered", async (_what, bytes) => {
    let count = 0;
    const proxy = await proxyTo(
      await application((socket) => {
        if (count++ === 0) socket.end(bytes, "latin1");
        else socket.end(OK);
      }),
    );
    const first = await ask(proxy.port);
    expect(first).toMatch(/^(?:502 |200 |999 |ECONNRESET)/);
    if (count === 1) expect(await ask(proxy.port)).toBe("200 ok");
  });
});

describe("who leaves", () => {
  test.each([0, 1, 5, 15])("after %i ms ends the request, and nothing else", async (leaveAfter) => {
    const proxy = await proxyTo(await application((socket) => setTimeout(() => socket.end(OK), 6)));
    await Promise.all(Array.from({ length: 40 }, () => ask(proxy.port, { leaveAfter })));
    expect(await ask(proxy.port)).toBe("200 ok");
  });

  test("in the middle of a handshake ends that, and nothing else", async () => {
    const accept = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";
    const proxy = await proxyTo(await application((socket) => setTimeout(() => socket.write(accept), 5)));
    for (const wait of [0, 3, 6, 9]) {
      const sockets = Array.from({ length: 10 }, () => new WebSocket(`ws://127.0.0.1:${proxy.port}/`));
      for (const socket of sockets) socket.on("error", () => {});
      await new Promise((resolve) => setTimeout(resolve, wait));
      for (const socket of sockets) socket.terminate();
    }
    // Its answer comes after those to all who left.
    expect(await ask(proxy.port)).toBe("502 ");
  });
});

test("a kept connection that the application ended is no failure of the next request", async () => {
  const server = createServer({ keepAliveTimeout: 1 }, (_incoming, response) => response.end("ok"));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const proxy = await proxyTo(await listen(server));
  for (let round = 0; round < 60; round++) {
    expect(await ask(proxy.port)).toBe("200 ok");
    await new Promise((resolve) => setTimeout(resolve, round % 4));
  }
  expect(proxy.failures).toEqual([]);
});
