import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#foundation";
import { ALGORITHMS, createVerifier, type Verifier } from "./verifier.ts";

/** A certified OpenID Connect provider on this machine, and its tokens by client credentials. */
const SECRET = "a-secret-of-the-test-alone";
let server: Server;
let issuer: string;
let provider: Provider;
let verifier: Verifier;
/** While it is down, as far as Guise can see. */
let down = true;
/** Ms by which the test is ahead of the system's clock, for pauses between two questions. */
let ahead = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (down) return response.writeHead(503).end();
    return provider.callback()(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "one", alg: "RS256", use: "sig" }] },
    clients: [{ client_id: "reports", client_secret: SECRET, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: "",
          audience: resource === "urn:guise" ? "guise" : "another",
          accessTokenFormat: "jwt",
          accessTokenTTL: 300,
        }),
      },
    },
    extraTokenClaims: () => ({ preferred_username: "reports-of-the-night", groups: ["analytics"], roles: ["guise-user", "everything"] }),
  });
  verifier = createVerifier({
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead },
    issuers: [
      {
        issuer,
        audience: "guise",
        jwks: "discovered",
        algorithms: ALGORITHMS,
        identity: {
          from: "claims",
          claims: { account: "preferred_username", groups: "groups", roles: "roles", roleNames: { "guise-user": "user" } },
        },
      },
    ],
  });
});
afterAll(() => server.close());

async function tokenFor(resource: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`reports:${SECRET}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  expect(access_token).toEqual(expect.any(String));
  return access_token;
}

test("its tokens are taken with the groups and roles that they carry, as soon as its keys can be had", async () => {
  down = false;
  const token = await tokenFor("urn:guise");
  down = true;
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: "unavailable" });
  down = false;
  // A provider that does not answer is not asked at each request.
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: "unavailable" });
  ahead = 1_000;
  expect(await verifier.verify(token)).toMatchObject({
    id: `${issuer}#reports`,
    account: "reports-of-the-night",
    groups: ["analytics"],
    roles: ["user"],
  });
});

test("a token of it for somebody else is refused", async () => {
  await expect(verifier.verify(await tokenFor("urn:other"))).rejects.toMatchObject({ code: "not_authenticated" });
});
