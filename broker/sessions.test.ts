import { createHash } from "node:crypto";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { SESSION_COOKIE } from "./own-page.ts";
import { HOST, ISSUER, openWorld, type World } from "./test-world.ts";

/** What a browser sends for a page of the portal. */
const OWN = { origin: ISSUER, "sec-fetch-site": "same-origin" };
const FOREIGN = { origin: "https://evil.example.com", "sec-fetch-site": "cross-site" };
const NEIGHBOR = { origin: "http://app.guise.localhost:7080", "sec-fetch-site": "same-site" };

let world: World;
let ann: string;
beforeEach(async () => {
  world = await openWorld();
  ann = await world.account("ann", ["user"], ["analytics"]);
});
afterEach(() => world.close());

async function code(): Promise<string> {
  const { status, body } = await world.ask("POST", "/v1/me/sign-in-link", { token: ann });
  expect(status).toBe(201);
  const link = new URL(String(body.link));
  // Nothing of it reaches a server or its log but the path.
  expect([link.origin, link.pathname, link.search]).toEqual([ISSUER, "/sign-in", ""]);
  return link.hash.replace("#code=", "");
}

const redeem = (body: unknown, headers: Record<string, string> = OWN) => world.ask("POST", "/v1/session", { body, headers });

async function signedIn(): Promise<string> {
  const { headers } = await redeem({ code: await code() });
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

describe("a browser's sign-in", () => {
  test("takes the code once, and gives a cookie that no script and no other page can use", async () => {
    const secret = await code();
    const { status, body, headers } = await redeem({ code: secret });
    expect([status, body.account]).toEqual([200, "ann"]);
    const cookie = String(headers["set-cookie"]);
    for (const part of [`${SESSION_COOKIE}=`, "Path=/", "HttpOnly", "Secure", "SameSite=Strict"]) expect(cookie).toContain(part);
    expect(cookie).not.toMatch(/Domain=/i);
    const me = await world.ask("GET", "/v1/me", { cookie: cookie.split(";")[0] ?? "" });
    expect([me.status, me.body.account]).toEqual([200, "ann"]);
    const again = await redeem({ code: secret });
    expect([again.status, again.body.code]).toEqual([401, "not_authenticated"]);
    const actions = (await world.repository.auditEntries(0, 100)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["create_sign_in_link", "sign_in"]));
  });

  test("leads to a page of the portal's, and to no other", async () => {
    const asked = (page: unknown) => world.ask("POST", "/v1/me/sign-in-link", { token: ann, body: { page } });
    const { body } = await asked("/workspaces/w-abc");
    expect(String(body.link)).toMatch(/\/sign-in#code=[\w-]{43}&page=%2Fworkspaces%2Fw-abc$/);
    for (const page of ["//evil.example.com/x", "/a/b&code=c", "https://evil.example.com", 7]) expect((await asked(page)).status).toBe(400);
  });

  test("is never given to somebody who signs in elsewhere under the same name", async () => {
    const { status, body } = await world.ask("POST", "/v1/me/sign-in-link", { token: await world.outsider("ann") });
    expect([status, body.code]).toEqual([403, "not_permitted"]);
  });

  test("is refused to a code that is too old, and to every page but the portal's, whose code stays good", async () => {
    const secret = await code();
    for (const headers of [FOREIGN, NEIGHBOR, {}, { origin: ISSUER }, { ...OWN, host: "127.0.0.1:7080" }]) {
      const { status, headers: answered } = await redeem({ code: secret }, headers);
      expect([403, 421]).toContain(status);
      expect(answered["set-cookie"]).toBeUndefined();
    }
    expect((await redeem({ code: secret })).status).toBe(200);
    const old = await code();
    world.clock.advance(600_001);
    expect((await redeem({ code: old })).body.code).toBe("not_authenticated");
  });

  test("of a disabled account is over, and so is one of thirty days ago", async () => {
    const cookie = await signedIn();
    world.clock.advance(29 * 24 * 3_600_000);
    expect((await world.ask("GET", "/v1/me", { cookie })).status).toBe(200);
    world.clock.advance(24 * 3_600_000);
    expect((await world.ask("GET", "/v1/me", { cookie })).status).toBe(401);
    ann = await world.account("bob", ["user"], []);
    const other = await signedIn();
    const operator = await world.account("olga", ["operator"]);
    await world.ask("PATCH", "/v1/accounts/bob", { token: operator, body: { disabled: true } });
    expect((await world.ask("GET", "/v1/me", { cookie: other })).status).toBe(401);
  });

  test("says as whom before it is done, to the portal's pages alone, and the code stays good", async () => {
    const secret = await code();
    const look = (body: unknown, headers: Record<string, string> = OWN) => world.ask("POST", "/v1/session/account", { body, headers });
    expect((await look({ code: secret })).body).toEqual({ account: "ann" });
    for (const headers of [FOREIGN, NEIGHBOR, {}]) expect((await look({ code: secret }, headers)).status).toBe(403);
    expect((await look({ code: "x".repeat(43) })).body.code).toBe("not_authenticated");
    expect((await redeem({ code: secret })).status).toBe(200);
    expect((await look({ code: secret })).body.code).toBe("not_authenticated");
  });

  test("ends when the person signs out", async () => {
    const cookie = await signedIn();
    const { status, headers } = await world.ask("DELETE", "/v1/session", { cookie });
    expect([status, String(headers["set-cookie"])]).toEqual([204, expect.stringMatching(/=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/)]);
    expect((await world.ask("GET", "/v1/me", { cookie })).status).toBe(401);
  });
});

describe("what rides on the cookie", () => {
  test.each([
    ["a foreign page", FOREIGN],
    ["a page of a neighboring host", NEIGHBOR],
    ["a browser that does not say whose page it is", { origin: "", "sec-fetch-site": "" }],
  ])("gets nowhere from %s", async (_who, headers) => {
    const cookie = await signedIn();
    for (const [method, url] of [
      ["GET", "/v1/me"],
      ["POST", "/v1/me/sign-in-link"],
      ["DELETE", "/v1/session"],
    ] as const) {
      const { status, body } = await world.ask(method, url, { cookie, headers });
      expect([method, url, status]).toEqual([method, url, 403]);
      expect(body.code).toBe("not_permitted");
    }
    expect((await world.ask("GET", "/v1/me", { cookie })).status).toBe(200);
  });

  test("is nothing at another name of this machine, and a token beside it is what counts", async () => {
    const cookie = await signedIn();
    world.hosts.push("127.0.0.1:7080");
    expect((await world.ask("GET", "/v1/me", { cookie, headers: { host: "127.0.0.1:7080" } })).status).toBe(401);
    const bob = await world.account("bob", ["user"]);
    expect((await world.ask("GET", "/v1/me", { token: bob, cookie, headers: FOREIGN })).body.account).toBe("bob");
  });

  test("opens sockets for the portal's pages alone", async () => {
    const cookie = await signedIn();
    await world.usable();
    const request = await world.ask("POST", "/v1/workspaces", { cookie, key: "k", body: { persona_id: "tester" } });
    const id = String(request.body.workspace_id);
    await world.makeReady(id);
    const base = await world.broker.listen({ host: "127.0.0.1", port: 0 });
    const open = (headers: Record<string, string>) =>
      new WebSocket(`${base.replace("http", "ws")}/v1/workspaces/${id}/exec`, { headers: { host: HOST, cookie, ...headers } });
    for (const headers of [FOREIGN, NEIGHBOR, {}, { origin: "null" }]) {
      const [request, response] = await once(open(headers as Record<string, string>), "unexpected-response");
      request.destroy();
      expect(response.statusCode).toBe(403);
    }
    const own = open({ origin: ISSUER });
    await once(own, "open");
    // Signing out ends what is open.
    await world.ask("DELETE", "/v1/session", { cookie });
    const closed = once(own, "close");
    world.clock.advance(60_000);
    await closed;
  });
});

describe("the portal", () => {
  test("is one page for every address of people, with files that may be kept", async () => {
    for (const url of ["/", "/workspaces/w-1", "/open/code-reviewer?repository=x"]) {
      const { status, headers, text } = await world.ask("GET", url);
      expect([status, headers["content-type"], headers["cache-control"]]).toEqual([200, "text/html; charset=utf-8", "no-cache"]);
      expect(text).toContain("<title>portal</title>");
      const [, inline = ""] = /<script>(.*?)<\/script>/s.exec(text) ?? [];
      const digest = createHash("sha256").update(inline).digest("base64");
      expect(inline).not.toBe("");
      expect(headers["content-security-policy"]).toContain(`; script-src 'self' 'sha256-${digest}'; `);
      expect(headers["content-security-policy"]).toMatch(/frame-ancestors 'none'$/);
    }
    const script = await world.ask("GET", "/assets/app-abc.js", { headers: { "accept-encoding": "br, gzip" } });
    expect(script.headers).toMatchObject({ "cache-control": "public, max-age=31536000, immutable", "content-encoding": "br" });
    expect((await world.ask("GET", "/assets/none-1.js")).status).toBe(404);
  });

  test("no address leads out of its folder, and the API's unknown addresses stay the API's", async () => {
    for (const url of ["/assets/../../broker.ts", "/assets/%2e%2e/%2e%2e/broker.ts", "/..%2fbroker.ts", "/assets/..%5cbroker.ts"]) {
      const { text } = await world.ask("GET", url);
      expect(text).not.toContain("createBroker");
    }
    expect((await world.ask("GET", "/v1/nothing")).body.code).toBe("not_found");
  });

  test("another name of this machine leads to its own", async () => {
    world.hosts.push("127.0.0.1:7080");
    const { status, headers } = await world.ask("GET", "/workspaces?x=1", { headers: { host: "127.0.0.1:7080" } });
    expect([status, headers.location]).toEqual([302, `${ISSUER}/workspaces?x=1`]);
    const sly = await world.ask("GET", "//evil.example.com/", { headers: { host: "127.0.0.1:7080" } });
    expect(new URL(String(sly.headers.location)).origin).toBe(ISSUER);
  });
});
