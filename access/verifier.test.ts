import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { type LocalIssuer, openLocalIssuer } from "./local-issuer.ts";
import { ALGORITHMS, createVerifier, type Verifier } from "./verifier.ts";

const LOCAL = "http://guise.localhost:7080";
const OUTER = "https://login.example.com";
const clock = new ManualClock();
const now = Math.floor(clock.now() / 1000);
const accounts = new Map([
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

  test("a disabled or unknown account is refused, and its open streams learn it", async () => {
    for (const subject of ["gone", "nobody"]) {
      const { token } = await local.sign("access", { subject, scopes: ["read"], notAfter: clock.now() + 60_000 });
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: "not_authenticated" });
    }
    const ann = { id: "", issuer: LOCAL, subject: "gone", account: "gone", roles: [], groups: [], scopes: [], streamsUntil: 0 };
    expect(await verifier.refresh(ann)).toBeUndefined();
  });
});

describe("token confusion", () => {
  const publicBytes = async () => new TextEncoder().encode(JSON.stringify(outerJwk));
  const unsigned = (header: object, claims: object) =>
    `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

  const cases: Record<string, () => Promise<string>> = {
    "an ID token (typ JWT)": () => outer({ ...good, nonce: "n" }, { typ: "JWT" }),
    "no typ": () => new SignJWT(good).setProtectedHeader({ alg: "RS256", kid: "outer" }).sign(outerKey.privateKey),
    "a token of another purpose": () => outer(good, { typ: "ticket+jwt" }),
    "another audience": () => outer({ ...good, aud: "elsewhere" }),
    "no audience": () => outer(without(good, "aud")),
    "the local audience at the outer issuer": () => outer({ ...good, aud: "guise-api" }),
    "an unknown issuer": () => outer({ ...good, iss: "https://evil.example.com" }),
    "the issuer with a slash more": () => outer({ ...good, iss: `${OUTER}/` }),
    "the local issuer with the outer key": () => outer({ ...good, iss: LOCAL, aud: "guise-api", sub: "ann" }),
    "no issuer": () => outer(without(good, "iss")),
    "no subject": () => outer(without(good, "sub")),
    "an empty subject": () => outer({ ...good, sub: "" }),
    "no expiry": () => outer(without(good, "exp")),
    "no issue time": () => outer(without(good, "iat")),
    expired: () => outer({ ...good, exp: now - 60 }),
    "not yet valid": () => outer({ ...good, nbf: now + 60 }),
    "another key under the same kid": () => outer(good, {}, thiefKey),
    "a key inside the token": async () => outer(good, { jwk: await exportJWK(thiefKey.publicKey) }, thiefKey),
    "a key address inside the token": () => outer(good, { jku: "https://evil.example.com/jwks" }, thiefKey),
    "a certificate address inside the token": () => outer(good, { x5u: "https://evil.example.com/cert" }, thiefKey),
    "alg none": async () => unsigned({ alg: "none", typ: "at+jwt", kid: "outer" }, good),
    "HS256 with the public key as secret": async () => outer(good, { alg: "HS256" }, { privateKey: await publicBytes() }),
    "an algorithm that is not listed": async () =>
      outer(good, { alg: "RS512" }, { privateKey: await importJWK(await exportJWK(outerKey.privateKey), "RS512") }),
    "a changed payload": async () => {
      const [header, , signature] = (await outer(good)).split(".");
      return [header, Buffer.from(JSON.stringify({ ...good, sub: "u2" })).toString("base64url"), signature].join(".");
    },
    "an unknown critical header": () =>
      outer(good, { crit: ["x"], x: 1 } as never).catch(async () => unsigned({ alg: "RS256", crit: ["x"], x: 1 }, good)),
    "no token at all": async () => "hello",
    "a token of a megabyte": async () => `${"a".repeat(1_000_000)}.b.c`,
  };

  test.each(Object.keys(cases))("%s is refused", async (name) => {
    const token = await cases[name]?.();
    await expect(verifier.verify(token ?? "")).rejects.toMatchObject({ name: "Refusal", code: "not_authenticated" });
  });

  test("the same token without its fault is taken", async () => {
    expect((await verifier.verify(await outer(good))).subject).toBe("u1");
  });
});

describe("keys by address", () => {
  test("keys are fetched from the configured address; an issuer that does not answer is a fault of ours", async () => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [outerJwk] })));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const settings = {
      issuer: OUTER,
      audience: "guise",
      jwks: new URL(`http://127.0.0.1:${port}/jwks`),
      algorithms: ALGORITHMS,
      identity: { from: "claims", claims: { account: "sub", groups: "groups", roles: "guise_roles", roleNames: {} } },
    } as const;
    expect((await createVerifier({ issuers: [settings], clock }).verify(await outer(good))).subject).toBe("u1");
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    await expect(createVerifier({ issuers: [settings], clock }).verify(await outer(good))).rejects.toMatchObject({ code: "unavailable" });
  });
});
