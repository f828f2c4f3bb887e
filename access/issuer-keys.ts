import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/** Keys as they are, where they are, or what the provider's own document says of itself. */
export type KeySource = JSONWebKeySet | URL | "discovered";

const PATIENCE = 5_000;
/** Between two fetches of keys, ms, so that tokens with unknown keys cannot make us ask all the time. */
const COOLDOWN = 30_000;
const LONGEST_DOCUMENT = 256 * 1024;

/** Where the keys of an issuer come from. What is on the network is asked when the first token comes, and again while that fails. */
export function keysOf(issuer: string, source: KeySource): JWTVerifyGetKey {
  if (source instanceof URL) return remoteKeys(source);
  if (source !== "discovered") return createLocalJWKSet(source);
  let found: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (header, token) => {
    if (found === undefined) {
      // Like an answer that takes too long: the keys cannot be had now.
      if (performance.now() - failedAt < 1_000) throw new errors.JWKSTimeout();
      found = discovered(issuer).then(remoteKeys);
      found.catch(() => {
        found = undefined;
        failedAt = performance.now();
      });
    }
    return (await found)(header, token);
  };
}

function remoteKeys(address: URL): JWTVerifyGetKey {
  return createRemoteJWKSet(address, { timeoutDuration: PATIENCE, cooldownDuration: COOLDOWN });
}

/** The address of the keys by OpenID Connect Discovery 1.0; the document must speak of this very issuer. */
async function discovered(issuer: string): Promise<URL> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(address, {
    signal: AbortSignal.timeout(PATIENCE),
    redirect: "error",
    headers: { accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > LONGEST_DOCUMENT) throw new Error(`${address} is longer than a provider's document is`);
  const { issuer: own, jwks_uri: keys } = JSON.parse(text) as { issuer?: unknown; jwks_uri?: unknown };
  if (own !== issuer) throw new Error(`${address} speaks of another issuer than ${issuer}`);
  if (typeof keys !== "string" || !isPrivateWay(keys)) throw new Error(`${address} names no keys at an https address`);
  return new URL(keys);
}

/** Nobody on the way can change what comes: https, or this machine. */
export function isPrivateWay(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname));
}
