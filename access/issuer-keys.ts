import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "#foundation";
import { documentAt } from "./provider-document.ts";
import { RemoteKeys } from "./remote-keys.ts";

/** Keys as they are, where they are, or what the provider's own document says of itself. */
export type KeySource = JSONWebKeySet | URL | "discovered";

/** Where the keys of an issuer come from. What is on the network is asked when the first token comes, and again while that fails. */
export function keysOf(issuer: string, source: KeySource, clock: Clock): JWTVerifyGetKey {
  if (source instanceof URL) return new RemoteKeys(async () => source, clock).find;
  if (source !== "discovered") return createLocalJWKSet(source);
  let found: URL | undefined;
  const address = async () => {
    found ??= await discovered(issuer);
    return found;
  };
  return new RemoteKeys(address, clock).find;
}

/** The address of the keys by OpenID Connect Discovery 1.0; the document must speak of this very issuer. */
async function discovered(issuer: string): Promise<URL> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const document = await documentAt(address);
  const { issuer: own, jwks_uri: keys } = (document ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
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
