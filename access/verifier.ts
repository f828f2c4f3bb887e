import type { Role } from "@guise/contract";
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Clock } from "#foundation";
import { type KeySource, keysOf } from "./issuer-keys.ts";
import { SIGN_IN_CLAIM, SIGN_IN_END_CLAIM } from "./local-issuer.ts";
import { type Principal, principalId, SCOPES, type Scope } from "./principal.ts";
import { CLOCK_TOLERANCE, type ClaimsMapping, checkClaims, personOf, signInEnd } from "./token-claims.ts";
import { refusalOf, tokenFault } from "./token-faults.ts";
import { TOKEN_PURPOSES } from "./token-purposes.ts";

/** Signature algorithms that are taken; none of them is symmetric, and jose holds each to its own key type. */
export const ALGORITHMS = ["EdDSA", "ES256", "ES384", "RS256", "PS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Where roles and groups of an issuer's people come from. */
export type Identity =
  | { readonly from: "accounts"; readonly accounts: AccountSource; readonly people?: PeopleSource | undefined }
  | { readonly from: "claims"; readonly claims: ClaimsMapping };

/** Those who signed in at a provider, by the hash of what was given for it. */
export interface PeopleSource {
  principalBy(hash: string, kind: "sign_in"): Promise<Principal | undefined>;
}

export interface AccountSource {
  account(name: string): Promise<
    | {
        readonly account: string;
        readonly roles: readonly Role[];
        readonly groups: readonly string[];
        readonly disabled: boolean;
        readonly name?: string;
        readonly email?: string;
      }
    | undefined
  >;
}

/** What an access token says in its header that it is; many providers say `JWT` of whatever they sign. */
export const TOKEN_TYPES = ["at+jwt", "JWT"] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: KeySource;
  readonly algorithms: readonly Algorithm[];
  /** Without it `at+jwt` alone (RFC 9068). */
  readonly types?: readonly TokenType[];
  readonly identity: Identity;
}

export interface Verifier {
  /**
   * Who holds the access token. Rejects with Refusal `not_authenticated`, or `unavailable` when the issuer's keys cannot be had, or
   * `not_permitted` when the token leaves open what the person may; each names the part in its facts.
   */
  verify(token: string): Promise<Principal>;
  /** The same person as of now, for streams that stay open; undefined when the account is gone or disabled. */
  refresh(principal: Principal): Promise<Principal | undefined>;
}

/** Longer ones are not looked at: nothing that we or a provider signs comes near. */
const LONGEST_TOKEN = 16_384;

type Trusted = TrustedIssuer & { readonly keys: JWTVerifyGetKey };

/** Verifies access tokens of the trusted issuers and of nobody else. Key hints inside a token (`jku`, `x5u`, `jwk`) are never followed. */
export function createVerifier(options: { issuers: readonly TrustedIssuer[]; clock: Clock }): Verifier {
  const { issuers, clock } = options;
  const trusted = new Map<string, Trusted>(
    issuers.map((issuer) => [issuer.issuer, { ...issuer, keys: keysOf(issuer.issuer, issuer.jwks, clock) }]),
  );
  return {
    async verify(token) {
      const issuer = trusted.get(claimedIssuer(token));
      if (issuer === undefined) throw tokenFault("issuer");
      const payload = await verified(token, issuer, clock.now());
      const principal = await principalOf(payload, issuer);
      if (principal === undefined) throw tokenFault("account");
      return principal;
    },
    async refresh(principal) {
      const identity = trusted.get(principal.issuer)?.identity;
      if (identity === undefined) return undefined;
      return identity.from === "claims" ? principal : withAccount(principal, identity.accounts);
    },
  };
}

/** Only chooses whose keys to look with; nothing is believed before the signature holds. */
function claimedIssuer(token: string): string {
  if (token.length > LONGEST_TOKEN) throw tokenFault("form");
  try {
    return decodeJwt(token).iss ?? "";
  } catch (cause) {
    throw tokenFault("form", cause);
  }
}

async function verified(token: string, issuer: Trusted, now: number): Promise<JWTPayload> {
  const payload = await signedClaims(token, issuer, now).catch((error: unknown) => {
    throw refusalOf(error);
  });
  checkClaims(payload, now);
  return payload;
}

async function signedClaims(token: string, issuer: Trusted, now: number): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(token, issuer.keys, {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: [...issuer.algorithms],
    requiredClaims: ["sub", "exp", "iat"],
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(now),
  });
  const types = issuer.types ?? [TOKEN_PURPOSES.access.typ];
  const type = typeof protectedHeader.typ === "string" ? protectedHeader.typ.toLowerCase().replace(/^application\//, "") : "";
  if (!types.some((one) => one.toLowerCase() === type) || (type === "jwt" && isForAnotherUse(payload))) throw tokenFault("type");
  return payload;
}

/** Marks of ID tokens, logout tokens and those of one provider that names their use inside: what only says `JWT` may be any of them. */
const MARKS = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

function isForAnotherUse(payload: JWTPayload): boolean {
  return MARKS.some((claim) => payload[claim] !== undefined) || (payload.typ !== undefined && payload.typ !== "Bearer");
}

async function principalOf(payload: JWTPayload, { issuer, identity }: TrustedIssuer): Promise<Principal | undefined> {
  const subject = String(payload.sub);
  const base = { id: principalId(issuer, subject), issuer, subject };
  if (identity.from === "claims")
    return { ...base, ...personOf(payload, identity.claims), scopes: SCOPES, streamsUntil: Number(payload.exp) * 1000 };
  // Signed here, for somebody who signed in at a provider, which says who that is.
  const signIn = payload[SIGN_IN_CLAIM];
  if (signIn !== undefined) return identity.people?.principalBy(String(signIn), "sign_in");
  const streamsUntil = signInEnd(payload[SIGN_IN_END_CLAIM]);
  const unknown: Principal = { ...base, account: subject, roles: [], groups: [], scopes: scopesOf(payload.scope), streamsUntil };
  return withAccount(unknown, identity.accounts);
}

async function withAccount(principal: Principal, accounts: AccountSource): Promise<Principal | undefined> {
  const account = await accounts.account(principal.subject);
  if (account === undefined || account.disabled) return undefined;
  const { name: _, email: __, ...lasting } = principal;
  const { name, email } = account;
  const called = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  return { ...lasting, account: account.account, roles: account.roles, groups: account.groups, ...called };
}

function scopesOf(claim: unknown): readonly Scope[] {
  const words = typeof claim === "string" ? claim.split(" ") : [];
  return SCOPES.filter((scope) => words.includes(scope));
}
