import { createHash, randomBytes } from "node:crypto";
import { Refusal, type TokenResponse } from "@guise/contract";
import type { Clock } from "#foundation";
import type { LocalIssuer } from "./local-issuer.ts";
import { SCOPES } from "./principal.ts";
import type { AccountSource } from "./verifier.ts";

/** How long a sign-in code may be redeemed, in ms. */
export const SIGN_IN_CODE_LIFETIME = 600_000;
/** How long a sign-in gives access tokens, in ms. */
export const SIGN_IN_LIFETIME = 30 * 24 * 3_600_000;

interface Credential {
  readonly hash: string;
  readonly kind: "sign_in_code" | "sign_in";
  readonly account: string;
  readonly expiresAt: number;
}

/** Where hashes of codes and sign-ins are kept (the repository). Taking a code removes it. */
export interface CredentialStore extends AccountSource {
  storeCredential(credential: Credential): Promise<void>;
  takeCredential(hash: string, kind: Credential["kind"], now: number): Promise<Credential | undefined>;
}

export interface SignIns {
  /** A one-time code for the account; only its hash is kept. */
  issueCode(account: string): Promise<string>;
  /** Rejects `not_authenticated` for a code that is wrong, used or older than ten minutes. */
  redeemCode(code: string): Promise<Grant>;
  /** Rejects `not_authenticated` for a sign-in that is unknown or over, or whose account is disabled. */
  renew(signIn: string): Promise<Grant>;
}

export interface Grant {
  readonly account: string;
  readonly response: TokenResponse;
}

/** Codes and sign-ins are 256 random bits; a stolen database holds nothing that could be presented. */
export function createSignIns(options: { store: CredentialStore; issuer: LocalIssuer; clock: Clock }): SignIns {
  const { store, clock } = options;
  const keep = async (kind: Credential["kind"], account: string, lifetime: number) => {
    const secret = randomBytes(32).toString("base64url");
    const expiresAt = clock.now() + lifetime;
    await store.storeCredential({ hash: hashOf(secret), kind, account, expiresAt });
    return { secret, expiresAt };
  };
  const take = async (secret: string, kind: Credential["kind"]) => {
    const credential = await store.takeCredential(hashOf(secret), kind, clock.now());
    const account = credential === undefined ? undefined : await store.account(credential.account);
    if (credential === undefined || account === undefined || account.disabled) {
      throw new Refusal("not_authenticated", kind === "sign_in" ? "The sign-in is over." : "The code is wrong, used or too old.");
    }
    return credential;
  };
  return {
    issueCode: async (account) => (await keep("sign_in_code", account, SIGN_IN_CODE_LIFETIME)).secret,
    async redeemCode(code) {
      const { account } = await take(code, "sign_in_code");
      const { secret, expiresAt } = await keep("sign_in", account, SIGN_IN_LIFETIME);
      const access = await accessToken(options.issuer, account, expiresAt);
      return { account, response: { ...access, sign_in: secret } };
    },
    async renew(signIn) {
      const { account, expiresAt } = await take(signIn, "sign_in");
      return { account, response: await accessToken(options.issuer, account, expiresAt) };
    },
  };
}

async function accessToken(issuer: LocalIssuer, account: string, notAfter: number): Promise<TokenResponse> {
  const { token, expiresIn } = await issuer.sign("access", { subject: account, scopes: SCOPES, notAfter });
  return { access_token: token, token_type: "Bearer", expires_in: expiresIn };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
