import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import type { Clock } from "#foundation";
import { createKeyFile, ensureKeyFolder, KeyFolderError, readKeyFile } from "./key-folder.ts";
import { TOKEN_PURPOSE_NAMES, TOKEN_PURPOSES, type TokenPurpose } from "./token-purposes.ts";

/** Signs tokens for local accounts. Keys are made once and stay in `folder`. */
export interface LocalIssuer {
  readonly issuer: string;
  /** The public keys, one per purpose. */
  jwks(purpose?: TokenPurpose): JSONWebKeySet;
  /** A signed token of one purpose; lives as long as TOKEN_PURPOSES says, and never beyond `notAfter` (ms). */
  sign(purpose: TokenPurpose, claims: TokenClaims): Promise<{ readonly token: string; readonly expiresIn: number }>;
}

export interface TokenClaims {
  readonly subject: string;
  readonly scopes: readonly string[];
  /** Wall clock, ms: the end of the sign-in that this token was renewed from. */
  readonly notAfter: number;
  /** Of somebody who signed in at a provider: the hash of what was given for it. */
  readonly signIn?: string;
}

export const LOCAL_ALGORITHM = "EdDSA";
/** Token claim: the end of the sign-in, in seconds; open streams live until then, not until the token's own end. */
export const SIGN_IN_END_CLAIM = "sign_in_exp";
/** Token claim: the hash of the sign-in at a provider that it was renewed from. */
export const SIGN_IN_CLAIM = "sign_in";

interface PurposeKey {
  readonly purpose: TokenPurpose;
  readonly signing: CryptoKey | Uint8Array;
  readonly published: JWK;
}

/** Opens or makes the keys. Rejects with KeyFolderError when folder (0700) or files (0600) are open to others. */
export async function openLocalIssuer(options: { folder: string; issuer: string; clock: Clock }): Promise<LocalIssuer> {
  await ensureKeyFolder(options.folder);
  const keys = await Promise.all(TOKEN_PURPOSE_NAMES.map((purpose) => openKey(options.folder, purpose)));
  const keyOf = (purpose: TokenPurpose) => keys.find((key) => key.purpose === purpose);
  return {
    issuer: options.issuer,
    jwks: (purpose) => ({ keys: keys.filter((key) => purpose === undefined || key.purpose === purpose).map((key) => key.published) }),
    async sign(purpose, claims) {
      const key = keyOf(purpose);
      if (key === undefined) throw new KeyFolderError("key_file_damaged", `no key for ${purpose}`);
      return signWith(key, options.issuer, claims, options.clock.now());
    },
  };
}

async function openKey(folder: string, purpose: TokenPurpose): Promise<PurposeKey> {
  const name = `${purpose}.jwk.json`;
  const text = (await readKeyFile(folder, name)) ?? (await makeKey(folder, name));
  try {
    const { kty, crv, x, d } = JSON.parse(text) as Record<string, string>;
    if (kty !== "OKP" || crv !== "Ed25519" || x === undefined || d === undefined) throw new TypeError("not an Ed25519 key");
    const bare = { kty, crv, x };
    const published = { ...bare, kid: await calculateJwkThumbprint(bare), use: "sig", alg: LOCAL_ALGORITHM };
    return { purpose, signing: await importJWK({ ...bare, d }, LOCAL_ALGORITHM), published };
  } catch (cause) {
    // The cause's text could quote the key, so it is not passed on.
    throw new KeyFolderError("key_file_damaged", `${folder}/${name} is not a key: restore it, or remove it and let people sign in again`, {
      detail: { kind: cause instanceof Error ? cause.name : typeof cause },
    });
  }
}

async function makeKey(folder: string, name: string): Promise<string> {
  const pair = await generateKeyPair(LOCAL_ALGORITHM, { crv: "Ed25519", extractable: true });
  await createKeyFile(folder, name, JSON.stringify(await exportJWK(pair.privateKey)));
  const text = await readKeyFile(folder, name);
  if (text === undefined) throw new KeyFolderError("key_file_damaged", `${folder}/${name} vanished while it was made`);
  return text;
}

async function signWith(key: PurposeKey, issuer: string, claims: TokenClaims, now: number) {
  const { typ, audience, seconds } = TOKEN_PURPOSES[key.purpose];
  const issuedAt = Math.floor(now / 1000);
  const end = Math.min(issuedAt + seconds, Math.floor(claims.notAfter / 1000));
  const origin = claims.signIn === undefined ? {} : { [SIGN_IN_CLAIM]: claims.signIn };
  const token = await new SignJWT({ scope: claims.scopes.join(" "), [SIGN_IN_END_CLAIM]: Math.floor(claims.notAfter / 1000), ...origin })
    .setProtectedHeader({ alg: LOCAL_ALGORITHM, typ, kid: key.published.kid ?? "" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(claims.subject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(end)
    .sign(key.signing);
  return { token, expiresIn: end - issuedAt };
}
