import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCertifiedProvider } from "#access/certified-provider";
import { providerAt, RETURN } from "./test-provider.ts";
import { Visitor } from "./test-visitor.ts";
import { ISSUER, openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;

async function asked(of = world, client = "guise on desk") {
  const { status, body } = await of.ask("POST", "/v1/device", { body: { client } });
  expect(status).toBe(201);
  return { code: String(body.user_code), device: String(body.device_code), link: body.verification_uri_complete };
}
const polled = (device: string, of = world) => of.ask("POST", "/v1/token", { body: { grant_type: "device_code", device_code: device } });
const renewed = (signIn: unknown, of = world) => of.ask("POST", "/v1/token", { body: { grant_type: "sign_in", sign_in: signIn } });

describe("a program that asks to be signed in", () => {
  beforeEach(async () => {
    world = await openWorld();
    ann = await world.account("ann", ["user"], ["analytics"]);
  });
  afterEach(() => world.close());

  test("is signed in as whoever allows it, once, and renews by itself", async () => {
    const { code, device, link } = await asked();
    expect(link).toBe(`${ISSUER}/device?code=${code}`);
    expect(await polled(device)).toMatchObject({ status: 202, body: { interval: 2 } });
    const view = await world.ask("GET", `/v1/device/${code.toLowerCase()}`, { token: ann });
    expect(view.body).toMatchObject({ user_code: code, client: "guise on desk", address: "127.0.0.1" });
    expect((await world.ask("POST", `/v1/device/${code}`, { token: ann, body: { allow: true } })).status).toBe(204);
    const { status, body } = await polled(device);
    expect([status, body.token_type]).toEqual([200, "Bearer"]);
    expect((await world.ask("GET", "/v1/me", { token: String(body.access_token) })).body).toMatchObject({
      account: "ann",
      groups: ["analytics"],
    });
    expect((await renewed(body.sign_in)).status).toBe(200);
    expect((await polled(device)).body.code).toBe("not_authenticated");
    const audited = (await world.repository.auditEntries(0, 100)).map(({ action, actor, facts }) => ({ action, actor, ...facts }));
    expect(audited).toContainEqual({
      ...{ action: "answer_device_sign_in", actor: `${ISSUER}#ann` },
      ...{ allow: true, client: "guise on desk", address: "127.0.0.1" },
    });
    expect(audited).toContainEqual(expect.objectContaining({ action: "sign_in", actor: `${ISSUER}#ann` }));
  });

  test("is told when the person refuses, and when nobody answers", async () => {
    const refused = await asked();
    await world.ask("POST", `/v1/device/${refused.code}`, { token: ann, body: { allow: false } });
    expect((await polled(refused.device)).body.code).toBe("not_permitted");
    const left = await asked();
    world.clock.advance(600_000);
    expect((await polled(left.device)).body.code).toBe("not_authenticated");
    const token = await world.account("bob", ["user"]);
    expect((await world.ask("POST", `/v1/device/${left.code}`, { token, body: { allow: true } })).status).toBe(404);
  });

  test("is answered by people alone, and from no page but the portal's", async () => {
    const { code, device } = await asked();
    for (const method of ["GET", "POST"])
      expect((await world.ask(method, `/v1/device/${code}`, { body: method === "POST" ? { allow: true } : undefined })).status).toBe(401);
    const foreign = { origin: "https://evil.example.com", "sec-fetch-site": "cross-site" };
    const tried = await world.ask("POST", `/v1/device/${code}`, { body: { allow: true }, headers: foreign });
    expect(tried.status).toBe(403);
    expect((await polled(code)).body.code).toBe("not_authenticated");
    expect((await polled(device)).status).toBe(202);
  });

  test("says what it is in words that can be shown, and no more at once than others have room for", async () => {
    for (const client of ["", "a\u202eb", "x".repeat(101), " "])
      expect((await world.ask("POST", "/v1/device", { body: { client } })).status, client).toBe(400);
    for (let count = 0; count < 20; count++) await asked();
    const { status, body } = await world.ask("POST", "/v1/device", { body: { client: "one more" } });
    expect([status, body.code, body.retry_after]).toEqual([429, "too_many_requests", 30]);
  });
});

test("a provider's person allows a program, which is that person as long as the provider says so", async () => {
  const provider = await openCertifiedProvider({ returnTo: RETURN });
  const person = { preferred_username: "ann", groups: ["analytics"], roles: ["guise-user"] };
  provider.people.set("u-1", person);
  const there = await openWorld({}, undefined, providerAt(provider.issuer));
  // Of the same name, and somebody else.
  await there.account("ann", ["operator"]);
  try {
    const begun = await there.ask("GET", "/v1/sign-in/provider");
    const back = await new Visitor().signIn(String(begun.headers.location), "u-1", RETURN);
    const carried = String([begun.headers["set-cookie"]].flat()[0]).split(";")[0] ?? "";
    const answer = await there.ask("GET", back.slice(ISSUER.length), { headers: { cookie: carried } });
    const sessions = [answer.headers["set-cookie"]].flat().map((one) => String(one).split(";")[0] ?? "");
    const cookie = sessions.find((one) => one.startsWith("__Host-guise-session=")) ?? "";
    const { code, device } = await asked(there);
    expect((await there.ask("POST", `/v1/device/${code}`, { cookie, body: { allow: true } })).status).toBe(204);
    const { body } = await polled(device, there);
    const token = String(body.access_token);
    const me = async () => (await there.ask("GET", "/v1/me", { token })).body;
    expect(await me()).toMatchObject({ principal: `${provider.issuer}#u-1`, account: "ann", roles: ["user"], groups: ["analytics"] });
    // No code, which would be for the account of that name.
    const link = async (body: object) => (await there.ask("POST", "/v1/me/sign-in-link", { token, body })).body.link;
    expect([await link({}), await link({ page: "/workspaces/w-abc" })]).toEqual([`${ISSUER}/`, `${ISSUER}/workspaces/w-abc`]);
    // The sign-in of a program opens no page, and the browser's end is its own.
    expect((await there.ask("GET", "/v1/me", { cookie: `__Host-guise-session=${body.sign_in}` })).status).toBe(401);
    await there.ask("DELETE", "/v1/session", { cookie });
    provider.people.set("u-1", { ...person, groups: ["leads"] });
    there.clock.advance(30_000);
    expect(await me()).toMatchObject({ groups: ["leads"] });
    expect((await renewed(body.sign_in, there)).status).toBe(200);
    provider.people.delete("u-1");
    there.clock.advance(30_000);
    expect([(await me()).code, (await renewed(body.sign_in, there)).body.code]).toEqual(["not_authenticated", "not_authenticated"]);
  } finally {
    await there.close();
    await provider.close();
  }
});
