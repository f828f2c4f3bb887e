import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { openWorld, type World } from "../test-world.ts";

let world: World;
let application: Server;
let ann: string;
let id: string;
let port: number;
let received: {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}[];

beforeEach(async () => {
  received = [];
  application = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (piece) => (body += piece));
    incoming.on("end", () => {
      received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
      response.setHeader("Set-Cookie", ["app=1; Domain=localhost", "__Host-guise-application=stolen; Secure; Path=/"]);
      response.setHeader("X-Frame-Options", "DENY");
      response.end(`page ${incoming.url}`);
    });
  });
  const sockets = new WebSocketServer({ server: application, handleProtocols: () => "kernel.v1" });
  sockets.on("connection", (socket, incoming) => {
    received.push({ method: "WS", url: incoming.url, headers: incoming.headers, body: "" });
    socket.on("message", (data) => socket.send(`echo ${data}`));
  });
  await new Promise<void>((resolve) => application.listen(0, "127.0.0.1", resolve));
  world = await openWorld({}, upstreamTo((application.address() as AddressInfo).port));
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
  const { body } = await world.ask("POST", "/v1/workspaces", { token: ann, key: "k", body: { persona_id: "tester" } });
  id = String(body.workspace_id);
  const { generation } = await world.makeReady(id);
  const launch = { workspace: id, generation, application: "jupyterlab", kind: "web", state: "running", startedAt: 0 } as const;
  await world.repository.recordLaunch({ ...launch, id: "l-web", web: { port: 8888, path: "/lab?token=t" } });
  port = Number(new URL(await world.broker.listen({ host: "127.0.0.1", port: 0 })).port);
});
afterEach(async () => {
  await world.close();
  application.closeAllConnections();
  await new Promise((resolve) => application.close(resolve));
});

function upstreamTo(to: number) {
  const direct = () => Object.assign(new Agent(), { createConnection: () => connect(to, "127.0.0.1") });
  return { agent: direct(), upgrades: direct() };
}

const host = (name = "jupyterlab") => `${name}--${id}.localhost:7080`;
const origin = (name?: string) => `http://${host(name)}`;
const own = (name?: string) => ({ origin: origin(name), "sec-fetch-site": "same-origin" });
const NAVIGATES = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site" };

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

function send(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET", body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { Host: host(), ...headers }, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const cookieOf = ({ headers }: Answer) => headers["set-cookie"]?.[0]?.split(";")[0] ?? "";

/** The page before an application, as a browser gets it in a frame of the portal: its cookie and what it tells the portal. */
async function asks(name?: string): Promise<{ readonly nonce: string; readonly challenge: string }> {
  const page = await send("/.guise/open", { ...NAVIGATES, Host: host(name) });
  return { nonce: cookieOf(page), challenge: /data-challenge="([^"]+)"/.exec(page.text)?.[1] ?? "" };
}

async function ticketFor(challenge: string, token = ann): Promise<string> {
  const answer = await world.ask("POST", `/v1/workspaces/${id}/launches/l-web/tickets`, { token, body: { challenge } });
  return String(answer.body.ticket);
}

/** The cookie of a browser that was let in. */
async function letIn(): Promise<string> {
  const { nonce, challenge } = await asks();
  return cookieOf(await send("/.guise/open", { ...own(), cookie: nonce }, "POST", await ticketFor(challenge)));
}

describe("a browser is let in", () => {
  test("by a ticket that the portal's page gets for it, and then sees the application and its cookies alone", async () => {
    const { nonce, challenge } = await asks();
    const opened = await send("/.guise/open", { ...own(), cookie: nonce }, "POST", await ticketFor(challenge));
    expect([opened.status, JSON.parse(opened.text)]).toEqual([200, { path: "/lab?token=t" }]);
    expect(opened.headers["set-cookie"]?.[0]).toMatch(
      /^__Host-guise-application=.+; Path=\/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=\d+$/,
    );
    const pass = cookieOf(opened);
    const page = await send("/lab", { ...own(), cookie: `mine=1; ${pass}; ${nonce}`, "x-forwarded-for": "1.2.3.4" });
    expect([page.status, page.text]).toEqual([200, "page /lab"]);
    expect(page.headers["set-cookie"]).toEqual(["app=1; Secure; SameSite=None; Partitioned"]);
    expect([page.headers["x-frame-options"], page.headers["content-security-policy"]]).toEqual([
      undefined,
      "frame-ancestors 'self' http://guise.localhost:7080",
    ]);
    expect(received.map(({ url, headers }) => [url, headers.host, headers.cookie, headers["x-forwarded-for"]])).toEqual([
      ["/lab", host(), "mine=1", undefined],
    ]);
  });

  test("not by a ticket that was used, is too old, or is another browser's or another application's", async () => {
    const { nonce, challenge } = await asks();
    const other = await asks("other");
    const redeem = async (ticket: string, headers: Readonly<Record<string, string>>) =>
      (await send("/.guise/open", { ...own(), ...headers }, "POST", ticket)).status;
    const stolen = await ticketFor(challenge);
    expect(await redeem(stolen, { cookie: (await asks()).nonce })).toBe(403);
    // Whoever tried it has used it up.
    expect(await redeem(stolen, { cookie: nonce })).toBe(403);
    expect(await redeem(await ticketFor(challenge), {})).toBe(403);
    expect(await redeem(await ticketFor(other.challenge), { ...own("other"), Host: host("other"), cookie: other.nonce })).toBe(403);
    expect(await redeem(await ticketFor(challenge), { cookie: nonce, origin: "http://guise.localhost:7080" })).toBe(403);
    expect(await redeem("x".repeat(10_000), { cookie: nonce })).toBe(403);
    const late = await ticketFor(challenge);
    world.clock.advance(60_001);
    expect(await redeem(late, { cookie: nonce })).toBe(403);
    expect(await redeem(await ticketFor(challenge), { cookie: nonce })).toBe(200);
  });

  test("nobody gets a ticket for what is not his, is no web application, or has ended", async () => {
    const { challenge } = await asks();
    const tickets = (launch: string, token: string, body: unknown = { challenge }) =>
      world.ask("POST", `/v1/workspaces/${id}/launches/${launch}/tickets`, { token, body });
    const bob = await world.account("bob", ["user", "operator"], ["analytics"]);
    expect((await tickets("l-web", bob)).status).toBe(404);
    expect((await tickets("l-none", ann)).status).toBe(404);
    expect((await tickets("l-web", ann, { challenge: "short" })).status).toBe(400);
    const { generation } = (await world.repository.workspace(id)) ?? expect.fail("no workspace");
    await world.repository.recordLaunch({
      id: "l-term",
      workspace: id,
      generation,
      application: "a",
      kind: "terminal",
      state: "running",
      startedAt: 0,
    });
    expect((await tickets("l-term", ann)).body.code).toBe("conflict");
  });
});

describe("nothing reaches an application", () => {
  test("without a pass, with another application's or with one that is made up", async () => {
    const pass = await letIn();
    const other = { Host: host("other"), origin: origin("other"), "sec-fetch-site": "same-origin" };
    for (const headers of [
      own(),
      { ...own(), cookie: `${pass}x` },
      { ...own(), cookie: "__Host-guise-application=x" },
      { ...other, cookie: pass },
    ])
      expect((await send("/api", headers)).status).toBe(403);
    expect((await send("/.guise/other", { ...own(), cookie: pass })).status).toBe(404);
    expect(received).toEqual([]);
  });

  test("of what another page makes a browser send: a page that is gone to asks for itself first", async () => {
    const pass = await letIn();
    for (const site of ["cross-site", "same-site"]) expect((await send("/api", { cookie: pass, "sec-fetch-site": site })).status).toBe(403);
    expect((await send("/api", { cookie: pass })).status).toBe(403);
    for (const headers of [{}, { origin: "http://evil.example" }, { origin: "null" }, { ...own("other"), "sec-fetch-site": "same-origin" }])
      expect((await send("/api", { "sec-fetch-site": "same-origin", cookie: pass, ...headers }, "POST", "x")).status).toBe(403);
    const page = await send("/lab?a=1", { ...NAVIGATES, cookie: pass });
    expect(page.text).toContain('data-signed-in="true"');
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors http://guise.localhost:7080");
    expect(received).toEqual([]);
    const gone = await send("/.guise/go?to=%2Flab%3Fa%3D1", { ...own(), cookie: pass });
    expect([gone.status, gone.headers.location]).toEqual([302, "/lab?a=1"]);
    for (const to of ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"])
      expect((await send(`/.guise/go?to=${encodeURIComponent(to)}`, { ...own(), cookie: pass })).headers.location).toMatch(/^\/(?!\/)/);
    expect((await send("/typed", { "sec-fetch-site": "none", cookie: pass })).status).toBe(200);
  });

  test("as a service worker for the whole origin, which would answer for Guise's pages too", async () => {
    const headers = { ...own(), cookie: await letIn(), "service-worker": "script" };
    expect((await send("/sw.js?v=1", headers)).status).toBe(403);
    expect((await send("/view/sw.js", headers)).status).toBe(200);
    expect(received.map(({ url }) => url)).toEqual(["/view/sw.js"]);
  });

  test("at a host that is none, or through a second one", async () => {
    const Cookie = await letIn();
    for (const name of [
      `jupyterlab--${id}.localhost`,
      `jupyterlab--${id}.localhost:1`,
      `a.jupyterlab--${id}.localhost:7080`,
      "jupyterlab.localhost:7080",
    ])
      expect((await send("/", { Host: name, Cookie, ...own() })).status).toBe(421);
    expect(received).toEqual([]);
  });

  test("when its workspace is somebody else's, is paused, or the application has ended", async () => {
    const pass = await letIn();
    await world.repository.updateLaunch("l-web", { state: "exited", endedAt: 1 });
    world.clock.advance(1_000);
    const ended = await send("/lab", { ...NAVIGATES, "sec-fetch-site": "same-origin", cookie: pass });
    expect([ended.status, ended.text]).toEqual([409, expect.stringContaining("The application has ended.")]);
    expect(ended.text).toContain(`http://guise.localhost:7080/workspaces/${id}`);
    await world.move({ id, to: "suspending", reason: "suspended_by_person" });
    world.clock.advance(1_000);
    expect((await send("/lab", { ...own(), cookie: pass })).status).toBe(409);
    expect(received).toEqual([]);
  });

  test("while Guise starts, which is told from an end: the page asks again, and keeps what it has", async () => {
    const pass = await letIn();
    world.ready = false;
    const asked = await send("/api/kernels", { ...own(), cookie: pass });
    expect([asked.status, asked.text]).toEqual([503, expect.stringContaining("Guise is starting or stopping")]);
    const upgrade = { connection: "Upgrade", upgrade: "websocket" };
    expect((await send("/kernel", { ...own(), ...upgrade, cookie: pass })).status).toBe(503);
    world.ready = true;
    expect((await send("/api/kernels", { ...own(), cookie: pass })).status).toBe(200);
  });

  test("once its person is disabled, within a minute", async () => {
    const pass = await letIn();
    expect((await send("/lab", { ...own(), cookie: pass })).status).toBe(200);
    await world.repository.setAccount("ann", { disabled: true }, { at: 0, actor: "t", action: "a", target: "ann", outcome: "done" });
    world.clock.advance(20_000);
    expect((await send("/lab", { ...own(), cookie: pass })).status).toBe(403);
  });
});

describe("what goes on", () => {
  test("is a body, framed as it came", async () => {
    const cookie = await letIn();
    expect((await send("/save", { ...own(), cookie }, "POST", "x".repeat(100_000))).status).toBe(200);
    await send("/get", { ...own(), cookie, "transfer-encoding": "chunked" }, "GET", "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(received.map(({ url, body }) => [url, body.length])).toEqual([
      ["/save", 100_000],
      ["/get", 35],
    ]);
  });

  test("is a WebSocket of its own page, with its protocol", async () => {
    const cookie = await letIn();
    const open = (headers: Readonly<Record<string, string>>) =>
      new WebSocket(`ws://127.0.0.1:${port}/socket`, ["kernel.v1"], { headers: { Host: host(), ...headers } });
    for (const headers of [{ origin: origin() }, { cookie }, { cookie, origin: "http://guise.localhost:7080" }] as Record<
      string,
      string
    >[]) {
      const socket = open(headers);
      socket.on("error", () => {});
      const [, answer] = await once(socket, "unexpected-response");
      expect(answer.statusCode).toBe(403);
    }
    const socket = open({ cookie, origin: origin() });
    await once(socket, "open");
    socket.send("hi");
    expect([String((await once(socket, "message"))[0]), socket.protocol]).toEqual(["echo hi", "kernel.v1"]);
    expect(received.map(({ method, headers }) => [method, headers.cookie])).toEqual([["WS", undefined]]);
    socket.terminate();
  });

  test("is told when it cannot be reached", async () => {
    const cookie = await letIn();
    application.closeAllConnections();
    await new Promise((resolve) => application.close(resolve));
    expect((await send("/lab", { ...own(), cookie })).status).toBe(502);
    const page = await send("/lab", { ...NAVIGATES, "sec-fetch-site": "same-origin", cookie });
    expect([page.status, page.text]).toEqual([502, expect.stringContaining("does not answer")]);
  });
});
