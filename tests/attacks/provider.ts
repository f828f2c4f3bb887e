import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const KID = "attacks";

/** An identity provider whose key the attacker holds: it signs whatever it is asked to. */
export interface Provider {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: string;
  /** An access token as it should be, but for these claims (undefined: absent) and header fields. */
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Ends what is said of its keys: from now on their address answers 503. */
  falter(): void;
  close(): void;
}

export async function openProvider(): Promise<Provider> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: KID, alg: "ES256", use: "sig" };
  let falters = false;
  const server = createServer((_request, response) => {
    if (falters) return void response.writeHead(503).end("later");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [key] }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = "https://attacks.example";
  const audience = "guise";
  return {
    issuer,
    audience,
    keys: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, aud: audience, sub: "mallory", iat: now, exp: now + 300, groups: ["attackers"], roles: ["user"] };
      const said = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined));
      return new SignJWT(said).setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: KID, ...header }).sign(privateKey);
    },
    falter() {
      falters = true;
    },
    close: () => void server.close(),
  };
}
