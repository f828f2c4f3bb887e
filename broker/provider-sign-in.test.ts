import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CertifiedProvider, CLIENT, CLIENT_SECRET, openCertifiedProvider, type ProviderChoices } from "#access/certified-provider";
import { providerAt, RETURN } from "./test-provider.ts";
import { Visitor } from "./test-visitor.ts";
import { type Asked, ISSUER, openWorld, type World } from "./test-world.ts";

const ANN = { preferred_username: "ann", name: "Ann Lee", email: "ann@example.org", groups: ["analytics"], roles: ["guise-user"] };
/** A page of the portal's own that a browser opens by a link from elsewhere. */
const NAVIGATED = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };

let provider: CertifiedProvider;
let world: World;
let visitor: Visitor;
afterEach(async () => {
  await world.close();
  await provider.close();
});

async function open(choices: Partial<ProviderChoices> = {}, secret = CLIENT_SECRET): Promise<void> {
  provider = await openCertifiedProvider({ returnTo: RETURN, ...choices });
  provider.people.set("u-1", ANN);
  visitor = new Visitor();
  world = await openWorld({}, undefined, providerAt(provider.issuer, secret));
}

interface Begun {
  readonly address: string;
  readonly carried: string;
}

async function begin(query = ""): Promise<Begun> {
  const { status, headers } = await world.ask("GET", `/v1/sign-in/provider${query}`, { headers: NAVIGATED });
  expect(status).toBe(302);
  return { address: String(headers.location), carried: cookieIn(headers, "__Host-guise-sign-in") };
}

function cookieIn(headers: Asked["headers"], name: string): string {
  const found = [headers["set-cookie"]].flat().find((one) => String(one).startsWith(`${name}=`));
  return String(found ?? "").split(";")[0] ?? "";
}

const comeBack = (to: string, carried: string) =>
  world.ask("GET", to.slice(ISSUER.length), { headers: { ...NAVIGATED, ...(carried === "" ? {} : { cookie: carried }) } });

/** By the provider's own pages, as a person would. */
async function signIn(login = "u-1"): Promise<{ readonly cookie: string; readonly answer: Asked }> {
  const { address, carried } = await begin();
  const answer = await comeBack(await visitor.signIn(address, login, RETURN), carried);
  return { cookie: cookieIn(answer.headers, "__Host-guise-session"), answer };
}

const me = (cookie: string) => world.ask("GET", "/v1/me", { cookie });

describe("a browser that signs in at the provider", () => {
  beforeEach(() => open());

  test("is sent there, comes back, and is the person whom the provider knows", async () => {
    const ways = await world.ask("GET", "/v1/sign-in");
    expect(ways.body).toEqual({ provider: { name: "Example Ltd", path: "/v1/sign-in/provider" } });
    const { address, carried } = await begin("?page=/open/data-analyst?region=UK");
    expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({
      ...{ client_id: CLIENT, redirect_uri: RETURN, response_type: "code", scope: "openid profile email", code_challenge_method: "S256" },
      ...{ state: expect.stringMatching(/.{40}/), nonce: expect.stringMatching(/.{40}/), code_challenge: expect.stringMatching(/.{40}/) },
    });
    const { status, headers } = await comeBack(await visitor.signIn(address, "u-1", RETURN), carried);
    expect([status, headers.location]).toEqual([302, `${ISSUER}/open/data-analyst?region=UK`]);
    const set = [headers["set-cookie"]].flat().find((one) => String(one).startsWith("__Host-guise-session="));
    for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]) expect(set).toContain(part);
    const { body } = await me(cookieIn(headers, "__Host-guise-session"));
    expect(body).toMatchObject({ principal: `${provider.issuer}#u-1`, account: "ann", roles: ["user"], groups: ["analytics"] });
    const [entry] = (await world.repository.auditEntries(0, 100)).filter(({ action }) => action === "sign_in");
    expect(entry).toMatchObject({ actor: `${provider.issuer}#u-1`, target: "ann", facts: { browser: true, provider: provider.issuer } });
  });

  test("is nobody any more after it signed out, whatever the provider says", async () => {
    const { cookie } = await signIn();
    expect((await world.ask("DELETE", "/v1/session", { cookie })).status).toBe(204);
    expect((await me(cookie)).status).toBe(401);
  });

  test("is signed in once by what it brought back, and only if it began that itself", async () => {
    const { address, carried } = await begin();
    const back = await visitor.signIn(address, "u-1", RETURN);
    const another = await begin();
    for (const cookie of ["", another.carried, `${carried.slice(0, -4)}AAAA`]) {
      const { headers } = await comeBack(back, cookie);
      expect([headers.location, cookieIn(headers, "__Host-guise-session")]).toEqual([`${ISSUER}/sign-in?failed=unfit`, ""]);
    }
    expect((await comeBack(back, carried)).headers.location).toBe(`${ISSUER}/`);
    expect((await comeBack(back, carried)).headers.location).toBe(`${ISSUER}/sign-in?failed=unfit`);
  });

  test("is not signed in when it comes back too late, or with another provider's answer", async () => {
    const { address, carried } = await begin();
    const back = await visitor.signIn(address, "u-1", RETURN);
    const foreign = new URL(back);
    foreign.searchParams.set("iss", "https://login.example.com");
    expect((await comeBack(foreign.href, carried)).headers.location).toBe(`${ISSUER}/sign-in?failed=unfit`);
    world.clock.advance(600_001);
    expect((await comeBack(back, carried)).headers.location).toBe(`${ISSUER}/sign-in?failed=unfit`);
  });

  test.each([
    ["no role that is known here", { ...ANN, roles: ["another"] }],
    ["no groups", { ...ANN, groups: [] }],
    ["groups that it left out", { ...ANN, groups: undefined, _claim_names: { groups: "src1" } }],
  ])("is not signed in with %s, which the log tells", async (_what, person) => {
    provider.people.set("u-1", person);
    const { answer } = await signIn();
    expect(answer.headers.location).toBe(`${ISSUER}/sign-in?failed=not_permitted`);
    expect(world.logged.at(-1)).toMatchObject({ message: "a sign-in was refused", facts: { part: expect.stringMatching(/roles|groups/) } });
  });

  test("whose person said no is told so", async () => {
    const { address, carried } = await begin();
    const { headers } = await comeBack(await visitor.refuse(address, RETURN), carried);
    expect(headers.location).toBe(`${ISSUER}/sign-in?failed=cancelled`);
  });

  test("is sent to no page but the portal's", async () => {
    for (const page of ["//evil.example.com", "/\\evil.example.com", "https://evil.example.com", "evil", "/%0d%0aSet-Cookie:x"]) {
      const { status } = await world.ask("GET", `/v1/sign-in/provider?page=${page}`, { headers: NAVIGATED });
      expect(status, page).toBe(400);
    }
  });

  test("meets a provider that does not answer, and is told so", async () => {
    provider.up = false;
    const { status, headers } = await world.ask("GET", "/v1/sign-in/provider", { headers: NAVIGATED });
    expect([status, headers.location]).toEqual([302, `${ISSUER}/sign-in?failed=unavailable`]);
    provider.up = true;
    world.clock.advance(1_000);
    expect((await begin()).address).toContain(provider.issuer);
  });
});

describe("what the provider says of somebody who is signed in", () => {
  test("counts for half a minute, and then anew: who lost a group has it no longer", async () => {
    await open();
    const { cookie } = await signIn();
    provider.people.set("u-1", { ...ANN, groups: ["leads"] });
    const asked = provider.tokensAsked;
    expect((await me(cookie)).body.groups).toEqual(["analytics"]);
    world.clock.advance(30_000);
    // One question for all that come at once: a refresh token is good once.
    const answers = await Promise.all(Array.from({ length: 8 }, () => me(cookie)));
    expect(answers.map(({ body }) => body.groups)).toEqual(answers.map(() => ["leads"]));
    expect(provider.tokensAsked).toBe(asked + 1);
    world.clock.advance(30_000);
    expect((await me(cookie)).body.groups).toEqual(["leads"]);
  });

  test("ends the sign-in when it knows the person no more", async () => {
    await open();
    const { cookie } = await signIn();
    provider.people.delete("u-1");
    world.clock.advance(30_000);
    expect((await me(cookie)).status).toBe(401);
    provider.people.set("u-1", ANN);
    expect((await me(cookie)).status).toBe(401);
  });

  test("counts for all browsers of the person; each signs out by itself, and the provider ends all", async () => {
    await open();
    const [first, second] = [await signIn(), await signIn()];
    provider.people.set("u-1", { ...ANN, groups: ["leads"] });
    world.clock.advance(30_000);
    const asked = provider.tokensAsked;
    const answers = await Promise.all([first, second].map(({ cookie }) => me(cookie)));
    expect(answers.map(({ body }) => body.groups)).toEqual([["leads"], ["leads"]]);
    expect(provider.tokensAsked).toBe(asked + 1);
    await world.ask("DELETE", "/v1/session", { cookie: first.cookie });
    expect([(await me(first.cookie)).status, (await me(second.cookie)).status]).toEqual([401, 200]);
    const third = await signIn();
    provider.people.delete("u-1");
    world.clock.advance(30_000);
    expect([(await me(second.cookie)).status, (await me(third.cookie)).status]).toEqual([401, 401]);
  });

  test("counts on for five minutes while it cannot be asked, and then nobody knows", async () => {
    await open();
    const { cookie } = await signIn();
    provider.up = false;
    world.clock.advance(299_000);
    expect((await me(cookie)).status).toBe(200);
    world.clock.advance(1_000);
    const { status, body } = await me(cookie);
    expect([status, body.code]).toEqual([503, "unavailable"]);
    provider.up = true;
    world.clock.advance(1_000);
    expect((await me(cookie)).status).toBe(200);
  });

  test("may stand in userinfo alone, and be asked by an access token as long as that is good", async () => {
    await open({ userinfoAlone: true, refreshTokens: false });
    const { cookie } = await signIn();
    expect((await me(cookie)).body).toMatchObject({ account: "ann", groups: ["analytics"] });
    provider.people.set("u-1", { ...ANN, groups: ["leads"] });
    world.clock.advance(30_000);
    expect((await me(cookie)).body.groups).toEqual(["leads"]);
    world.clock.advance(24 * 3_600_000);
    expect((await me(cookie)).status).toBe(401);
  });

  test("is asked for by nobody who has the database alone", async () => {
    await open();
    const { cookie } = await signIn();
    const hash = (await import("node:crypto"))
      .createHash("sha256")
      .update(cookie.split("=")[1] ?? "")
      .digest("hex");
    const row = await world.repository.providerCredential(hash, world.clock.now());
    expect(row?.of.renewal.split(".")).toHaveLength(5);
    expect(JSON.stringify(row)).not.toContain("refresh");
  });

  test("is not known where the client's secret is wrong, and the log says what it answered", async () => {
    await open({}, "wrong");
    const { answer } = await signIn();
    expect(answer.headers.location).toBe(`${ISSUER}/sign-in?failed=unavailable`);
    expect(world.logged.at(-1)?.facts.reason).toContain("invalid_client");
  });
});
