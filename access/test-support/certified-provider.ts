import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

export const CLIENT = "guise";
export const CLIENT_SECRET = "a-secret-of-the-test-alone";

export interface Person {
  readonly preferred_username: string;
  readonly [claim: string]: unknown;
}

/** A certified OpenID Connect provider on this machine, with people of its own. */
export interface CertifiedProvider {
  readonly issuer: string;
  /** By subject; who is not there is unknown to it. What is changed holds from the next question on. */
  readonly people: Map<string, Person>;
  /** False: it answers 503, as far as anybody can see. */
  up: boolean;
  /** How often it was asked for tokens. */
  readonly tokensAsked: number;
  close(): Promise<void>;
}

export interface ProviderChoices {
  /** Where it sends browsers back to. */
  readonly returnTo: string;
  /** Claims of a person stand in userinfo alone. */
  readonly userinfoAlone?: boolean;
  /** It gives refresh tokens, each good once. */
  readonly refreshTokens?: boolean;
}

export async function openCertifiedProvider({
  returnTo,
  userinfoAlone,
  refreshTokens = true,
}: ProviderChoices): Promise<CertifiedProvider> {
  const people = new Map<string, Person>();
  const state = { up: true, tokensAsked: 0 };
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (!state.up) return response.writeHead(503).end();
    if (request.url?.startsWith("/token") === true) state.tokensAsked++;
    return provider?.callback()(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "one", alg: "RS256", use: "sig" }] },
    cookies: { keys: ["of the test alone"] },
    clients: [
      {
        ...{ client_id: CLIENT, client_secret: CLIENT_SECRET, redirect_uris: [returnTo], response_types: ["code"] },
        grant_types: refreshTokens ? ["authorization_code", "refresh_token"] : ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "name", "groups", "roles"], email: ["email", "email_verified"] },
    conformIdTokenClaims: userinfoAlone === true,
    issueRefreshToken: async () => refreshTokens,
    rotateRefreshToken: true,
    findAccount: async (_, subject) => {
      const person = people.get(subject);
      return person === undefined ? undefined : { accountId: subject, claims: async () => ({ ...person, sub: subject }) };
    },
  });
  return Object.assign(state, {
    ...{ issuer, people },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}
