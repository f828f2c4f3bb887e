import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { CommandSession } from "../../sdk/index.ts";
import type { Connect } from "./connect-stream.ts";
import { type LocalProxy, openLocalProxy } from "./local-proxy.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
let now = 0;
let application: Server;
let proxy: LocalProxy;
let received: { headers: IncomingHttpHeaders; body: string; url: string | undefined; method: string | undefined }[];

beforeEach(async () => {
  received = [];
  application = createServer((incoming, response) => void answer(incoming).then((body) => response.end(body)));
  application.on("request", (_, response) => {
    response.setHeader("Set-Cookie", ["app=1; Domain=localhost; Path=/", `guise-local-${proxy.port}=x`, "b=2"]);
    response.setHeader("Strict-Transport-Security", "max-age=9");
    response.setHeader("Clear-Site-Data", '"*"');
    response.setHeader("Alt-Svc", "h3=:1");
  });
  const sockets = new WebSocketServer({ server: application });
  sockets.on("connection", (socket, incoming) => {
    received.push({ headers: incoming.headers, body: "", url: incoming.url, method: "WS" });
    socket.on("message", (data) => socket.send(`echo ${data}`));
  });
  await new Promise<void>((resolve) => application.listen(0, "127.0.0.1", resolve));
  now = 1000;
  proxy = await openLocalProxy(
    [
      { application: "jupyterlab", workspace_id: ID, path: "/lab?token=t", connect: overTcp(application) },
      { application: "other", workspace_id: ID, connect: overTcp(application) },
    ],
    { port: 0, now: () => now, holdsCredential: (text) => text === "our-token" },
  );
});
afterEach(async () => {
  await proxy.close();
  application.closeAllConnections();
  await new Promise((resolve) => application.close(resolve));
});

async function answer(incoming: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of incoming) body += piece;
  received.push({ headers: incoming.headers, body, url: incoming.url, method: incoming.method });
  return `page ${incoming.url}`;
}

/** What the broker does with /connect, without the broker. */
function overTcp(server: Server): Connect {
  return (onOutput) =>
    new Promise((resolve, reject) => {
      const socket = connectTcp((server.address() as AddressInfo).port, "127.0.0.1");
      const { promise: exit, resolve: ended } = Promise.withResolvers<{ exit: number }>();
      socket.on("data", (bytes) => void onOutput(bytes));
      socket.on("close", () => ended({ exit: 0 }));
      socket.on("error", reject);
      const session: CommandSession = {
        write: (bytes) => new Promise((done) => socket.write(bytes, () => done())),
        end: async () => void socket.end(),
        resize: async () => {},
        signal: async () => {},
        close: () => socket.destroy(),
        exit,
      };
      socket.on("connect", () => resolve(session));
    });
}

const host = () => `jupyterlab--${ID}.localhost:${proxy.port}`;
const origin = () => `http://${host()}`;

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
function send(
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: proxy.port, path, method, headers: { Host: host(), ...headers } }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on("error", reject).end(body);
  });
}

const ticketOf = (application = "jupyterlab") =>
  String(
    proxy
      .links()
      .find((link) => link.application === application)
      ?.url.split("#")[1],
  );
const own = () => ({ Origin: origin(), "Sec-Fetch-Site": "same-origin" });

async function signedIn(): Promise<string> {
  const opened = await send("/.guise/open", { method: "POST", headers: own(), body: ticketOf() });
  return String(opened.headers["set-cookie"]?.[0]?.split(";")[0]);
}

test("a one-time link becomes a cookie of this host and the application's first path", async () => {
  const ticket = ticketOf();
  const page = await send("/.guise/open");
  expect(page.headers["cache-control"]).toBe("no-store");
  expect(page.headers["referrer-policy"]).toBe("no-referrer");
  const opened = await send("/.guise/open", { method: "POST", headers: own(), body: ticket });
  expect(JSON.parse(opened.text)).toEqual({ path: "/lab?token=t" });
  const cookie = String(opened.headers["set-cookie"]?.[0]);
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  const answer = await send("/lab", { headers: { Cookie: String(cookie.split(";")[0]) } });
  expect([answer.status, answer.text]).toEqual([200, "page /lab"]);
  expect((await send("/.guise/open", { method: "POST", headers: own(), body: ticket })).status).toBe(403);
});

test("a ticket is good for its application alone, for ten minutes, and only from its own page", async () => {
  const post = (headers: Record<string, string>, body: string) => send("/.guise/open", { method: "POST", headers, body });
  expect((await post(own(), ticketOf("other"))).status).toBe(403);
  expect((await post({ Origin: "http://evil.example" }, ticketOf())).status).toBe(403);
  expect((await post({ ...own(), "Sec-Fetch-Site": "cross-site" }, ticketOf())).status).toBe(403);
  expect((await post({}, ticketOf())).status).toBe(403);
  const ticket = ticketOf();
  now += 10 * 60_000 + 1;
  expect((await post(own(), ticket)).status).toBe(403);
  expect((await post(own(), "x".repeat(1000))).status).toBe(403);
});

test.each(["127.0.0.1", "localhost", `evil.example`, `jupyterlab--w-b.localhost`])(
  "the host %s is misdirected, signed in or not",
  async (name) => {
    const Cookie = await signedIn();
    expect((await send("/", { headers: { Host: `${name}:${proxy.port}`, Cookie } })).status).toBe(421);
    expect((await send("/.guise/open", { headers: { Host: name } })).status).toBe(421);
    expect(received).toEqual([]);
  },
);

test("nothing reaches the application without the cookie, or with the cookie of another application", async () => {
  const Cookie = await signedIn();
  expect((await send("/")).status).toBe(403);
  expect((await send("/", { headers: { Cookie: "guise-local=x" } })).status).toBe(403);
  expect((await send("/", { headers: { Cookie, Host: `other--${ID}.localhost:${proxy.port}` } })).status).toBe(403);
  expect((await send("/.guise/other", { headers: { Cookie } })).status).toBe(404);
  expect(received).toEqual([]);
});

test("the application sees its own cookies and tokens and none of ours", async () => {
  const Cookie = await signedIn();
  await send("/", { headers: { Cookie: `app=1; ${Cookie}; b=2`, Authorization: "Bearer our-token", "X-Forwarded-For": "1.2.3.4" } });
  await send("/", { headers: { Cookie, Authorization: "token of-the-application" } });
  expect(received[0]?.headers.cookie).toBe("app=1; b=2");
  expect(received[0]?.headers.authorization).toBeUndefined();
  expect(received[0]?.headers["x-forwarded-for"]).toBeUndefined();
  expect(received[0]?.headers.host).toBe(host());
  expect(received[1]?.headers.authorization).toBe("token of-the-application");
  const secret = Cookie.split("=")[1] ?? "";
  expect(JSON.stringify(received)).not.toContain(secret);
});

test("the application's answer reaches no further than its own page", async () => {
  const { headers } = await send("/", { headers: { Cookie: await signedIn() } });
  expect(headers["set-cookie"]).toEqual(["app=1; Path=/", "b=2"]);
  expect(headers["strict-transport-security"]).toBeUndefined();
  expect(headers["clear-site-data"]).toBeUndefined();
  expect(headers["alt-svc"]).toBeUndefined();
});

test("a change needs our own page, and its body comes through", async () => {
  const Cookie = await signedIn();
  expect((await send("/save", { method: "POST", headers: { Cookie }, body: "x" })).status).toBe(403);
  expect((await send("/save", { method: "POST", headers: { Cookie, Origin: "http://evil.example" }, body: "x" })).status).toBe(403);
  expect((await send("/save", { method: "POST", headers: { Cookie, ...own() }, body: "x".repeat(100_000) })).status).toBe(200);
  expect(received.map(({ body }) => body.length)).toEqual([100_000]);
});

test("the body of a GET is framed, not read as a second request", async () => {
  const Cookie = await signedIn();
  await send("/", { headers: { Cookie, "Transfer-Encoding": "chunked" }, body: "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" });
  await send("/next", { headers: { Cookie } });
  expect(received.map(({ url }) => url)).toEqual(["/", "/next"]);
});

test("WebSockets need cookie and own page, and then carry messages", async () => {
  const Cookie = await signedIn();
  const open = (headers: Record<string, string>) =>
    new WebSocket(`ws://127.0.0.1:${proxy.port}/socket`, { headers: { Host: host(), ...headers } });
  for (const headers of [{ Origin: origin() }, { Cookie }, { Cookie, Origin: "http://evil.example" }] as Record<string, string>[]) {
    const refused = await new Promise<number>((resolve) =>
      open(headers)
        .on("error", () => {})
        .on("unexpected-response", (_, { statusCode }) => resolve(statusCode ?? 0)),
    );
    expect(refused).toBe(403);
  }
  const socket = open({ Cookie, Origin: origin() });
  const echo = new Promise((resolve) => socket.on("message", (data) => resolve(String(data))));
  socket.on("open", () => socket.send("hi"));
  expect(await echo).toBe("echo hi");
  expect(received[0]?.headers.cookie).toBeUndefined();
  socket.terminate();
});

test("an answer with a status that does not exist is none, and the next one is answered", async () => {
  const Cookie = await signedIn();
  application.closeAllConnections();
  application.prependOnceListener("connection", (socket) => socket.end("HTTP/1.1 000 \r\nContent-Length: 0\r\n\r\n"));
  expect((await send("/", { headers: { Cookie } })).status).toBe(502);
  expect((await send("/", { headers: { Cookie } })).status).toBe(200);
});

test("an application that went away is said so", async () => {
  const Cookie = await signedIn();
  application.closeAllConnections();
  await new Promise((resolve) => application.close(resolve));
  expect((await send("/", { headers: { Cookie } })).status).toBe(502);
});
