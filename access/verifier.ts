import { Refusal, ROLES, type Role } from "@guise/contract";
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Clock } from "#foundation";
import { type KeySource, keysOf } from "./issuer-keys.ts";
import { SIGN_IN_END_CLAIM } from "./local-issuer.ts";
import { type Principal, principalId, SCOPES, type Scope } from "./principal.ts";
import { TOKEN_PURPOSES } from "./token-purposes.ts";

/** Signature algorithms that are taken; none of them is symmetric, and jose holds each to its own key type. */
export const ALGORITHMS = ["EdDSA", "ES256", "ES384", "RS256", "PS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Where roles and groups of an issuer's people come from. */
export type Identity =
  | { readonly from: "accounts"; readonly accounts: AccountSource }
  | { readonly from: "claims"; readonly claims: ClaimsMapping };

export interface AccountSource {
  account(
    name: string,
  ): Promise<
    | { readonly account: string; readonly roles: readonly Role[]; readonly groups: readonly string[]; readonly disabled: boolean }
    | undefined
  >;
}

/** Names of token claims, and what their values mean here. */
export interface ClaimsMapping {
  readonly account: string;
  readonly groups: string;
  readonly roles: string;
  /** Value of the roles claim → role; other values give nothing. */
  readonly roleNames: Readonly<Record<string, Role>>;
}

export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: KeySource;
  readonly algorithms: readonly Algorithm[];
  readonly identity: Identity;
}

export interface Verifier {
  /** Who holds the access token. Rejects with Refusal `not_authenticated`, or `unavailable` when the issuer's keys cannot be had. */
  verify(token: string): Promise<Principal>;
  /** The same person as of now, for streams that stay open; undefined when the account is gone or disabled. */
  refresh(principal: Principal): Promise<Principal | undefined>;
}

/** Longer ones are not looked at: nothing that we or a provider signs comes near. */
const LONGEST_TOKEN = 16_384;
const CLOCK_TOLERANCE_SECONDS = 5;

/** Verifies access tokens of the trusted issuers and of nobody else. Key hints inside a token (`jku`, `x5u`, `jwk`) are never followed. */
export function createVerifier(options: { issuers: readonly TrustedIssuer[]; clock: Clock }): Verifier {
  const trusted = new Map(options.issuers.map((issuer) => [issuer.issuer, { ...issuer, keys: keysOf(issuer.issuer, issuer.jwks) }]));
  return {
    async verify(token) {
      const issuer = trusted.get(claimedIssuer(token));
      if (issuer === undefined) throw refused("the token is from an issuer that is not trusted here");
      const payload = await verified(token, issuer, options.clock.now());
      const principal = await principalOf(payload, issuer);
      if (principal === undefined) throw refused("the account does not exist or is disabled");
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
  if (token.length > LONGEST_TOKEN) throw refused("the token is too long");
  try {
    return decodeJwt(token).iss ?? "";
  } catch (cause) {
    throw refused("the token cannot be read", cause);
  }
}

async function verified(token: string, issuer: TrustedIssuer & { keys: JWTVerifyGetKey }, now: number): Promise<JWTPayload> {
  try {
    const result = await jwtVerify(token, issuer.keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      typ: TOKEN_PURPOSES.access.typ,
      algorithms: [...issuer.algorithms],
      requiredClaims: ["sub", "exp", "iat"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    });
    return result.payload;
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw refused("the token has expired", cause);
    if (cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout)) throw refused("the token does not hold", cause);
    throw new Refusal("unavailable", "The keys of the token's issuer cannot be had.", { cause });
  }
}

async function principalOf(payload: JWTPayload, issuer: TrustedIssuer): Promise<Principal | undefined> {
  const subject = payload.sub ?? "";
  if (subject === "" || subject.length > 255) return undefined;
  const base = { id: principalId(issuer.issuer, subject), issuer: issuer.issuer, subject };
  const end = (seconds: unknown) => (typeof seconds === "number" ? seconds * 1000 : 0);
  if (issuer.identity.from === "accounts") {
    const streamsUntil = end(payload[SIGN_IN_END_CLAIM]);
    const unknown: Principal = { ...base, account: subject, roles: [], groups: [], scopes: scopesOf(payload.scope), streamsUntil };
    return withAccount(unknown, issuer.identity.accounts);
  }
  return { ...base, ...mapped(payload, issuer.identity.claims), scopes: SCOPES, streamsUntil: end(payload.exp) };
}

async function withAccount(principal: Principal, accounts: AccountSource): Promise<Principal | undefined> {
  const account = await accounts.account(principal.subject);
  if (account === undefined || account.disabled) return undefined;
  return { ...principal, account: account.account, roles: account.roles, groups: account.groups };
}

function mapped(payload: JWTPayload, claims: ClaimsMapping): Pick<Principal, "account" | "roles" | "groups"> {
  const names = (claim: unknown) => (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === "string");
  const roles = ROLES.filter((role) =>
    names(payload[claims.roles]).some((name) => Object.hasOwn(claims.roleNames, name) && claims.roleNames[name] === role),
  );
  return { account: names(payload[claims.account])[0] ?? payload.sub ?? "", roles, groups: names(payload[claims.groups]) };
}

function scopesOf(claim: unknown): readonly Scope[] {
  const words = typeof claim === "string" ? claim.split(" ") : [];
  return SCOPES.filter((scope) => words.includes(scope));
}

function refused(message: string, cause?: unknown): Refusal {
  return new Refusal("not_authenticated", message, { cause });
}
