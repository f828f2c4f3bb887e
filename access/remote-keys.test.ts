import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { ALGORITHMS, createVerifier, type Verifier } from "./verifier.ts";

const ISSUER = "https://login.example.com";
let clock: ManualClock;
let server: Server;
let verifier: Verifier;
let asked: number;
let answer: (response: ServerResponse) => void;
let keys: { readonly jwk: JWK; readonly privateKey: Parameters<SignJWT["sign"]>[0] }[];

const withKeys = (count: number) => (response: ServerResponse) =>
  void response.end(JSON.stringify({ keys: keys.slice(0, count).map(({ jwk }) => jwk) }));

beforeEach(async () => {
  clock = new ManualClock();
  asked = 0;
  keys = await Promise.all(
    ["one", "two"].map(async (kid) => {
      const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
      return { jwk: { ...(await exportJWK(publicKey)), kid }, privateKey };
    }),
  );
  answer = withKeys(1);
  server = createServer((_request, response) => {
    asked++;
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  verifier = verifierAt(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function verifierAt(jwks: URL): Verifier {
  const claims = { account: "sub", groups: "", roles: "roles", roleNames: {} };
  return createVerifier({
    clock,
    issuers: [{ issuer: ISSUER, audience: "guise", jwks, algorithms: ALGORITHMS, identity: { from: "claims", claims } }],
  });
}

function token(index: number, kid = keys[index]?.jwk.kid ?? ""): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  return new SignJWT({ iss: ISSUER, aud: "guise", sub: "u1", iat: now, exp: now + 300 })
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid })
    .sign((keys[index] as (typeof keys)[number]).privateKey);
}

const unavailable = (retry_after: number) => ({ code: "unavailable", facts: { part: "keys", retry_after } });

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ["answers 503", (response) => response.writeHead(503).end(), /answered 503/],
  ["answers 404", (response) => response.writeHead(404).end("{}"), /answered 404/],
  ["leads elsewhere", (response) => response.writeHead(302, { location: "/other" }).end(), /cannot be reached/],
  ["hangs up", (response) => response.destroy(), /cannot be reached/],
  ["is not JSON", (response) => response.end("<html>"), /is not JSON/],
  ["is no set of keys", (response) => response.end('{"keys":"none"}'), /malformed/],
  ["is null", (response) => response.end("null"), /malformed/],
  ["is longer than a document", (response) => response.end(" ".repeat(300_000)), /is longer/],
  ["has a broken key", (response) => response.end('{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"one"}]}'), /cannot be used/],
])("an address that %s makes a token neither good nor bad", async (_what, broken, reason) => {
  answer = broken;
  const refused = verifier.verify(await token(0));
  await expect(refused).rejects.toMatchObject({ ...unavailable(1), cause: { message: expect.stringMatching(reason) } });
  answer = withKeys(1);
  clock.advance(600_000);
  expect((await verifier.verify(await token(0))).subject).toBe("u1");
});

test("an address that cannot be reached is told as such, and asked once a second at most", async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  await expect(verifier.verify(await token(0))).rejects.toMatchObject(unavailable(1));
  await expect(verifier.verify(await token(0))).rejects.toMatchObject(unavailable(1));
});

test("who fails is not asked at each token", async () => {
  answer = (response) => response.writeHead(503).end();
  for (let index = 0; index < 5; index++) await expect(verifier.verify(await token(0))).rejects.toMatchObject(unavailable(1));
  expect(asked).toBe(1);
  answer = withKeys(1);
  clock.advance(1_000);
  const together = await Promise.all(Array.from({ length: 5 }, async () => verifier.verify(await token(0))));
  expect([together.length, asked]).toEqual([5, 2]);
});

test("a new key inside the cool-down is unavailable until it may be asked for, and then taken", async () => {
  expect((await verifier.verify(await token(0))).subject).toBe("u1");
  answer = withKeys(2);
  clock.advance(10_000);
  await expect(verifier.verify(await token(1))).rejects.toMatchObject(unavailable(20));
  expect((await verifier.verify(await token(0))).subject).toBe("u1");
  expect(asked).toBe(1);
  clock.advance(20_000);
  expect((await verifier.verify(await token(1))).subject).toBe("u1");
  expect(asked).toBe(2);
});

test("a key that the issuer does not have, as it says now, is the token's fault", async () => {
  await expect(verifier.verify(await token(0, "other"))).rejects.toMatchObject({ code: "not_authenticated", facts: { part: "key" } });
  await expect(verifier.verify(await token(0, "other"))).rejects.toMatchObject(unavailable(30));
  clock.advance(30_000);
  await expect(verifier.verify(await token(0, "other"))).rejects.toMatchObject({ code: "not_authenticated", facts: { part: "key" } });
});

test("a key that was withdrawn is taken for ten minutes at most", async () => {
  answer = withKeys(2);
  expect((await verifier.verify(await token(1))).subject).toBe("u1");
  answer = withKeys(1);
  clock.advance(599_999);
  expect((await verifier.verify(await token(1))).subject).toBe("u1");
  clock.advance(1);
  await expect(verifier.verify(await token(1))).rejects.toMatchObject({ code: "not_authenticated", facts: { part: "key" } });
});
