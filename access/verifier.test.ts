import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { type LocalIssuer, openLocalIssuer } from "./local-issuer.ts";
import type { TokenPart } from "./token-faults.ts";
import { type AccountSource, ALGORITHMS, createVerifier, type Verifier } from "./verifier.ts";

const LOCAL = "http://guise.localhost:7080";
const OUTER = "https://login.example.com";
const clock = new ManualClock();
const now = Math.floor(clock.now() / 1000);
type Account = NonNullable<Awaited<ReturnType<AccountSource["account"]>>>;
const accounts = new Map<string, Account>([
  ["ann", { account: "ann", roles: ["user"] as const, groups: ["analytics"], disabled: false }],
  ["gone", { account: "gone", roles: ["user"] as const, groups: [], disabled: true }],
]);

let folder: string;
let local: LocalIssuer;
let verifier: Verifier;
let outerKey: Awaited<ReturnType<typeof generateKeyPair>>;
let outerJwk: JWK;
let thiefKey: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-verifier-"));
  local = await openLocalIssuer({ folder: join(folder, "keys"), issuer: LOCAL, clock });
  outerKey = await generateKeyPair("RS256", { extractable: true });
  outerJwk = { ...(await exportJWK(outerKey.publicKey)), kid: "outer" };
  thiefKey = await generateKeyPair("RS256", { extractable: true });
  verifier = createVerifier({
    clock,
    issuers: [
      {
        issuer: LOCAL,
        audience: "guise-api",
        jwks: local.jwks("access"),
        algorithms: ["EdDSA"],
        identity: { from: "accounts", accounts: { account: async (name) => accounts.get(name) } },
      },
      {
        issuer: OUTER,
        audience: "guise",
        jwks: { keys: [outerJwk] },
        algorithms: ALGORITHMS,
        identity: {
          from: "claims",
          claims: {
            account: "preferred_username",
            groups: "groups",
            roles: "guise_roles",
            roleNames: { "guise-user": "user", admin: "operator" },
          },
        },
      },
    ],
  });
});
afterAll(() => rm(folder, { recursive: true }));

const good = { iss: OUTER, aud: "guise", sub: "u1", iat: now, exp: now + 300, groups: ["analytics"], guise_roles: ["guise-user", "other"] };
type Claims = Record<string, unknown>;

function outer(claims: Claims, header: Partial<JWTHeaderParameters> = {}, key: { privateKey: Parameters<SignJWT["sign"]>[0] } = outerKey) {
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "outer", ...header }).sign(key.privateKey);
}

function without(claims: Claims, name: string): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

describe("who a token is from", () => {
  test("a local token carries the account's roles and groups of now", async () => {
    const { token } = await local.sign("access", { subject: "ann", scopes: ["read", "use"], notAfter: clock.now() + 86_400_000 });
    const principal = await verifier.verify(token);
    expect(principal).toEqual({
      id: `${LOCAL}#ann`,
      issuer: LOCAL,
      subject: "ann",
      account: "ann",
      roles: ["user"],
      groups: ["analytics"],
      scopes: ["read", "use"],
      streamsUntil: clock.now() + 86_400_000,
    });
    accounts.set("ann", { account: "ann", roles: ["user"] as const, groups: ["sales"], disabled: false });
    expect((await verifier.refresh(principal))?.groups).toEqual(["sales"]);
  });

  test("an outer token is mapped by its claims, and unknown roles give nothing", async () => {
    expect(await verifier.verify(await outer({ ...good, preferred_username: "bob" }))).toMatchObject({
      id: `${OUTER}#u1`,
      account: "bob",
      roles: ["user"],
      groups: ["analytics"],
      streamsUntil: (now + 300) * 1000,
    });
  });

  test("name and address are those of the account, and of an outer token where they are what they should be", async () => {
    const { token } = await local.sign("access", { subject: "ann", scopes: [], notAfter: clock.now() + 86_400_000 });
    const before = accounts.get("ann");
    accounts.set("ann", { account: "ann", roles: ["user"] as const, groups: [], disabled: false, name: "Ann", email: "ann@example.org" });
    const ann = await verifier.verify(token);
    expect(ann).toMatchObject({ name: "Ann", email: "ann@example.org" });
    if (before !== undefined) accounts.set("ann", before);
    expect(await verifier.refresh(ann)).not.toHaveProperty("email");
    const called = async (claims: Claims) => {
      const { name, email } = await verifier.verify(await outer({ ...good, ...claims }));
      return [name, email];
    };
    expect(await called({ name: "Bob B.", email: "bob@example.org" })).toEqual(["Bob B.", "bob@example.org"]);
    expect(await called({ name: "Bob B.", email: "bob@example.org", email_verified: false })).toEqual(["Bob B.", undefined]);
    expect(await called({ name: "Bob\nB.", email: "bob" })).toEqual([undefined, undefined]);
    expect(await called({ name: 7, email: ["bob@example.org"] })).toEqual([undefined, undefined]);
  });

  test("a disabled or unknown account is refused, and its open streams learn it", async () => {
    for (const subject of ["gone", "nobody"]) {
      const { token } = await local.sign("access", { subject, scopes: ["read"], notAfter: clock.now() + 60_000 });
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
    }
    const ann = { id: "", issuer: LOCAL, subject: "gone", account: "gone", roles: [], groups: [], scopes: [], streamsUntil: 0 };
    expect(await verifier.refresh(ann)).toBeUndefined();
  });
});

describe("a provider that says JWT of whatever it signs", () => {
  const types = ["at+jwt", "JWT"] as const;
  const claims = { account: "sub", groups: "groups", roles: "guise_roles", roleNames: { "guise-user": "user" } } as const;
  const lenient = () =>
    createVerifier({
      clock,
      issuers: [
        {
          ...{ issuer: OUTER, audience: "guise", jwks: { keys: [outerJwk] }, algorithms: ALGORITHMS, types },
          identity: { from: "claims", claims },
        },
      ],
    });

  test.each(["at+jwt", "JWT", "jwt", "application/at+jwt"])("%s", async (typ) =>
    expect(await lenient().verify(await outer(good, { typ }))).toMatchObject({ subject: "u1" }),
  );

  test.each([
    ["an ID token by its nonce", { nonce: "n" }],
    ["one by its hash of an access token", { at_hash: "h" }],
    ["a logout token", { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }],
    ["a refresh token by its own mark", { typ: "Refresh" }],
    ["an ID token by its own mark", { typ: "ID" }],
  ])("is not taken for %s", async (_what, marks) =>
    expect(lenient().verify(await outer({ ...good, ...marks }, { typ: "JWT" }))).rejects.toMatchObject({ facts: { part: "type" } }),
  );

  test("others are not", async () => {
    for (const typ of ["dpop+jwt", "", "x-at+jwt"])
      await expect(lenient().verify(await outer(good, { typ }))).rejects.toMatchObject({ facts: { part: "type" } });
  });
});

describe("token confusion", () => {
  const publicBytes = async () => new TextEncoder().encode(JSON.stringify(outerJwk));
  const unsigned = (header: object, claims: object) =>
    `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

  const claims = (changes: Claims) => () => outer({ ...good, ...changes });
  const cases: Record<string, readonly [TokenPart, () => Promise<string>]> = {
    "an ID token (typ JWT)": ["type", () => outer({ ...good, nonce: "n" }, { typ: "JWT" })],
    "no typ": ["type", () => new SignJWT(good).setProtectedHeader({ alg: "RS256", kid: "outer" }).sign(outerKey.privateKey)],
    "a token of another purpose": ["type", () => outer(good, { typ: "ticket+jwt" })],
    "another audience": ["audience", claims({ aud: "elsewhere" })],
    "an audience that is an object": ["audience", claims({ aud: { guise: true } })],
    "no audience": ["audience", () => outer(without(good, "aud"))],
    "the local audience at the outer issuer": ["audience", claims({ aud: "guise-api" })],
    "an unknown issuer": ["issuer", claims({ iss: "https://evil.example.com" })],
    "the issuer with a slash more": ["issuer", claims({ iss: `${OUTER}/` })],
    "the issuer in a list": ["issuer", claims({ iss: [OUTER] })],
    "the local issuer with the outer key": ["algorithm", claims({ iss: LOCAL, aud: "guise-api", sub: "ann" })],
    "no issuer": ["issuer", () => outer(without(good, "iss"))],
    "no subject": ["subject", () => outer(without(good, "sub"))],
    "an empty subject": ["subject", claims({ sub: "" })],
    "a subject in a list": ["subject", claims({ sub: ["root"] })],
    "a subject that is an object": ["subject", claims({ sub: { name: "root" } })],
    "a subject that is a number": ["subject", claims({ sub: 7 })],
    "a subject that is null": ["subject", claims({ sub: null })],
    "a subject of 256 characters": ["subject", claims({ sub: "a".repeat(256) })],
    "a subject with a zero byte": ["subject", claims({ sub: "root\0" })],
    "no expiry": ["expiry", () => outer(without(good, "exp"))],
    "an expiry as text": ["expiry", claims({ exp: String(now + 300) })],
    "an expiry beyond all time": ["expiry", claims({ exp: 1e300 })],
    expired: ["expiry", claims({ exp: now - 60 })],
    "no issue time": ["issued_at", () => outer(without(good, "iat"))],
    "an issue time as text": ["issued_at", claims({ iat: "now" })],
    "issued 61 s ahead": ["issued_at", claims({ iat: now + 61 })],
    "issued 100 minutes ahead": ["issued_at", claims({ iat: now + 6000, exp: now + 9000 })],
    "valid in 61 s": ["not_before", claims({ nbf: now + 61 })],
    "a beginning as text": ["not_before", claims({ nbf: "soon" })],
    "an id that is a number": ["id", claims({ jti: 5 })],
    "a scope that is a list": ["scope", claims({ scope: ["read"] })],
    "a name in a list": ["name", claims({ preferred_username: ["ann", "bob"] })],
    "an empty name": ["name", claims({ preferred_username: "" })],
    "roles that are numbers": ["roles", claims({ guise_roles: [1] })],
    "roles that are an object": ["roles", claims({ guise_roles: { admin: true } })],
    "groups that are numbers": ["groups", claims({ groups: [1, "analytics"] })],
    "groups that are an object": ["groups", claims({ groups: { analytics: true } })],
    "a group without a name": ["groups", claims({ groups: ["analytics", ""] })],
    "another key under the same kid": ["signature", () => outer(good, {}, thiefKey)],
    "a key that the issuer does not have": ["key", () => outer(good, { kid: "other" })],
    "a key inside the token": ["signature", async () => outer(good, { jwk: await exportJWK(thiefKey.publicKey) }, thiefKey)],
    "a key address inside the token": ["signature", () => outer(good, { jku: "https://evil.example.com/jwks" }, thiefKey)],
    "a certificate address inside the token": ["signature", () => outer(good, { x5u: "https://evil.example.com/cert" }, thiefKey)],
    "alg none": ["algorithm", async () => unsigned({ alg: "none", typ: "at+jwt", kid: "outer" }, good)],
    "HS256 with the public key as secret": ["algorithm", async () => outer(good, { alg: "HS256" }, { privateKey: await publicBytes() })],
    "an algorithm that is not listed": [
      "algorithm",
      async () => outer(good, { alg: "RS512" }, { privateKey: await importJWK(await exportJWK(outerKey.privateKey), "RS512") }),
    ],
    "a changed payload": [
      "signature",
      async () => {
        const [header, , signature] = (await outer(good)).split(".");
        return [header, Buffer.from(JSON.stringify({ ...good, sub: "u2" })).toString("base64url"), signature].join(".");
      },
    ],
    "an unknown critical header": [
      "header",
      () => outer(good, { crit: ["x"], x: 1 } as never).catch(async () => unsigned({ alg: "RS256", crit: ["x"], x: 1 }, good)),
    ],
    "no token at all": ["form", async () => "hello"],
    "a token of a megabyte": ["form", async () => `${"a".repeat(1_000_000)}.b.c`],
  };

  test.each(Object.entries(cases))("%s is refused, and the part is named", async (_what, [part, make]) => {
    const refusal = await verifier.verify(await make()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "Refusal", code: "not_authenticated", facts: { part } });
    expect((refusal as Error).message).not.toMatch(/evil|root|u2|thief/);
  });

  test.each<[string, Claims]>([
    ["issued a minute ahead", { iat: now + 60 }],
    ["valid in a minute", { nbf: now + 60 }],
    ["over for less than a minute", { exp: now - 59 }],
    ["for several audiences", { aud: ["elsewhere", "guise"] }],
    ["with one group as text", { groups: "analytics" }],
    ["with no role", { guise_roles: [] }],
    ["with a mark that nothing is cut", { hasgroups: false, _claim_names: {} }],
  ])("one %s is taken", async (_what, changes) => {
    expect(await verifier.verify(await outer({ ...good, ...changes }))).toMatchObject({ subject: "u1", groups: ["analytics"] });
  });

  test("the same token without its fault is taken", async () => {
    expect((await verifier.verify(await outer(good))).subject).toBe("u1");
  });
});

describe("groups that are not known", () => {
  test.each<[string, Claims, RegExp]>([
    ["no claim", { groups: undefined }, /has no claim `groups`/],
    ["an empty list", { groups: [] }, /has an empty claim `groups`/],
    ["an empty text", { groups: "" }, /has an empty claim `groups`/],
    ["null", { groups: null }, /has an empty claim `groups`/],
    ["a claim that is elsewhere", { groups: undefined, _claim_names: { groups: "src1" } }, /too many groups/],
    ["a part of them, the others elsewhere", { _claim_names: { groups: "src1" } }, /too many groups/],
    ["the mark of a cut claim", { groups: undefined, hasgroups: true }, /too many groups/],
    ["the mark as text", { groups: undefined, hasgroups: "true" }, /too many groups/],
    ["roles that are elsewhere", { guise_roles: undefined, _claim_names: { guise_roles: "src1" } }, /too many roles/],
  ])('%s is refused with a sentence, and is not "no groups"', async (_what, changes, sentence) => {
    const refused = verifier.verify(await outer({ ...good, ...changes }));
    await expect(refused).rejects.toMatchObject({
      code: "not_permitted",
      message: expect.stringMatching(sentence),
      facts: { part: "groups" },
    });
  });

  test("nobody is asked for groups where none are to come from tokens", async () => {
    const claims = { account: "sub", groups: "", roles: "guise_roles", roleNames: {} };
    const identity = { from: "claims", claims } as const;
    const issuers = [{ issuer: OUTER, audience: "guise", jwks: { keys: [outerJwk] }, algorithms: ALGORITHMS, identity }];
    expect(await createVerifier({ issuers, clock }).verify(await outer(without(good, "groups")))).toMatchObject({ groups: [] });
  });
});
