import { createHmac } from "node:crypto";

/** https://www.standardwebhooks.com: a key of 24 to 64 bytes, written whsec_ and base64. */
const PREFIX = "whsec_";
const FEWEST = 24;
const MOST = 64;

/** The key; or what is wrong with its text, which is not said again. */
export function signingKey(text: string): Buffer | string {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (encoded === undefined) return `is written ${PREFIX}, and a key in base64`;
  const key = Buffer.from(encoded, "base64");
  return key.length < FEWEST || key.length > MOST ? `has a key of ${key.length} bytes; it takes ${FEWEST} to ${MOST}` : key;
}

export interface Signed {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/** Over id, time and body, so that neither can be another's. */
export function signatureOf(key: Uint8Array, { id, timestamp, body }: Signed): string {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}
