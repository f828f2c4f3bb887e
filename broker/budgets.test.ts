import { afterEach, beforeEach, expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import { SESSION_COOKIE } from "./own-page.ts";
import { HOST, ISSUER, openWorld, type World } from "./test-world.ts";

/** What strangers can spend is never what the signed-in need (SECURITY-RULES 29). */
let world: World;
let ann: string;
const NARROW = { requestsPerSecond: 1, requestBurst: 10, strangerRequestsPerSecond: 1, strangerRequestBurst: 2 };

beforeEach(async () => {
  world = await openWorld({ ...NARROW, failuresPerSecond: 0.5, failureBurst: 4 });
  ann = await world.account("ann", ["user"], ["analytics"]);
});
afterEach(() => world.close());

const redeem = (code: string) => world.ask("POST", "/v1/token", { body: { grant_type: "sign_in_code", code } });
const renew = (sign_in: unknown) => world.ask("POST", "/v1/token", { body: { grant_type: "sign_in", sign_in } });
const openSession = (code: string) =>
  world.ask("POST", "/v1/session", { body: { code }, headers: { origin: ISSUER, "sec-fetch-site": "same-origin" } });
const statusOf = async (asked: Promise<{ readonly status: number }>) => (await asked).status;

async function code(): Promise<string> {
  const { body } = await world.ask("POST", "/v1/me/sign-in-link", { token: ann });
  return new URL(String(body.link)).hash.replace("#code=", "");
}

/** Every way to present what does not hold, many times over. */
async function guess(times: number): Promise<readonly number[]> {
  const guesses = Array.from({ length: times }, () => [
    redeem("x".repeat(43)),
    renew("x".repeat(43)),
    openSession("x".repeat(43)),
    world.ask("GET", "/v1/me", { token: "a.b.c" }),
    world.ask("GET", "/v1/me", { cookie: `${SESSION_COOKIE}=guessed` }),
  ]);
  return Promise.all(guesses.flat().map(statusOf));
}

test("a hundred wrong codes a second refuse nobody who has a right code, a sign-in, a token or a session", async () => {
  const [first, second] = [await code(), await code()];
  const signIn = (await redeem(await code())).body.sign_in;
  const cookie = String((await openSession(await code())).headers["set-cookie"]).split(";")[0] ?? "";
  for (let round = 0; round < 3; round++) expect(await guess(20)).toContain(429);
  expect(await statusOf(redeem(first))).toBe(200);
  expect(await statusOf(openSession(second))).toBe(200);
  expect(await statusOf(renew(signIn))).toBe(200);
  expect(await statusOf(world.ask("GET", "/v1/me", { token: ann }))).toBe(200);
  expect(await statusOf(world.ask("GET", "/v1/me", { cookie }))).toBe(200);
});

test("who fails too often is told when to come again, whichever way it is, and then why again", async () => {
  expect((await guess(1)).filter((status) => status === 429)).toHaveLength(1);
  const refused = await redeem("x");
  expect([refused.body.code, refused.headers["retry-after"]]).toEqual(["too_many_requests", "2"]);
  world.clock.advance(2000);
  expect((await redeem("x")).body.code).toBe("not_authenticated");
});

test("failures are logged with their reason within the budget, and counted beyond it", async () => {
  await guess(2);
  world.clock.advance(2000);
  await redeem("x");
  const lines = world.logged.filter(({ message }) => message === "a sign-in was refused");
  expect(lines.map(({ facts }) => facts.unlogged_before)).toEqual([undefined, undefined, undefined, undefined, 6]);
  expect(lines.map(({ facts }) => facts.reason)).toContain("The code is wrong, used or too old.");
});

test("of a token the log names the part that does not hold, and nothing that stands in it", async () => {
  const { token } = await world.issuer.sign("access", { subject: "ann", scopes: ["read"], notAfter: world.clock.now() + 60_000 });
  world.clock.advance(120_000);
  for (const [presented, part] of [
    [token, "expiry"],
    [`${token}x`, "signature"],
    ["a.b.c", "form"],
  ] as const) {
    const { body } = await world.ask("GET", "/v1/me", { token: presented });
    expect([body.code, body.part]).toEqual(["not_authenticated", part]);
    expect(world.logged.filter(({ level }) => level === "info").at(-1)).toMatchObject({
      facts: { part },
      message: "a sign-in was refused",
    });
  }
  expect(JSON.stringify(world.logged)).not.toContain(token.split(".")[1]);
});

test("what presents nothing fails at nothing, and what other pages make a browser send is charged to nobody", async () => {
  const foreign = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
  for (let index = 0; index < 20; index++) {
    expect(await statusOf(world.ask("GET", "/v1/me"))).toBe(401);
    expect(await statusOf(world.ask("GET", "/docs", { headers: foreign }))).toBe(403);
    expect(await statusOf(world.ask("POST", "/v1/token", { body: {}, headers: { origin: "https://evil.example.com" } }))).toBe(403);
    expect(await statusOf(world.ask("GET", "/v1/me", { headers: { host: "evil.example.com" } }))).toBe(421);
  }
  expect(await statusOf(world.ask("GET", "/docs", { headers: { ...foreign, "sec-fetch-mode": "navigate" } }))).toBe(200);
  expect(await statusOf(redeem("x"))).toBe(401);
});

test("strangers run into their own limit, and nobody else: health, the page and signing in answer, and who is signed in has budget left", async () => {
  const docs = (token?: string) => statusOf(world.ask("GET", "/docs", token === undefined ? {} : { token }));
  expect([await docs(), await docs(), await docs(), await docs("a.b.c"), await docs(ann)]).toEqual([200, 200, 429, 429, 200]);
  for (const url of ["/livez", "/readyz", "/.well-known/jwks.json", "/", "/sign-in"])
    expect([url, await statusOf(world.ask("GET", url))]).toEqual([url, 200]);
  expect(await statusOf(redeem(await code()))).toBe(200);
  world.clock.advance(1000);
  expect(await docs()).toBe(200);
});

test("renewing without end is that person's own limit", async () => {
  const signIn = (await redeem(await code())).body.sign_in;
  const answers = await Promise.all(Array.from({ length: 12 }, () => statusOf(renew(signIn))));
  expect(answers.filter((status) => status === 200).length).toBeLessThan(12);
  expect(answers).toContain(429);
  const bob = await world.account("bob", ["user"]);
  expect(await statusOf(world.ask("GET", "/v1/me", { token: bob }))).toBe(200);
  expect(
    await statusOf(
      redeem(
        await (async () => {
          const { body } = await world.ask("POST", "/v1/me/sign-in-link", { token: bob });
          return new URL(String(body.link)).hash.replace("#code=", "");
        })(),
      ),
    ),
  ).toBe(200);
});

test("budgets are kept by machine: a whole /64 of IPv6 is one", () => {
  expect(addressKey("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(addressKey("2001:db8:1:2:3::4")).toBe(addressKey("2001:db8:1:2:ffff::1"));
  expect(addressKey("2001:db8:1:3::1")).not.toBe(addressKey("2001:db8:1:2::1"));
  expect(addressKey(HOST)).toBe("unknown");
});
