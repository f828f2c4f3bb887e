import { Refusal, ROLES, type Role } from "@guise/contract";
import type { JWTPayload } from "jose";
import { type TokenPart, tokenFault } from "./token-faults.ts";

/** Names of token claims, and what their values mean here. A name with dots that is no claim itself is a path: `realm_access.roles`. */
export interface ClaimsMapping {
  readonly account: string;
  /** Empty: its people are in no group by their tokens. */
  readonly groups: string;
  readonly roles: string;
  /** Value of the roles claim → role; other values give nothing. */
  readonly roleNames: Readonly<Record<string, Role>>;
}

/** Clocks of issuers and of this machine may differ by this much, both ways; seconds. */
export const CLOCK_TOLERANCE = 60;
/** RFC 7519 NumericDate, within what a date can be. */
const LAST_SECOND = 8_640_000_000_000;
/** OpenID Connect Core 2: never longer than 255 ASCII characters. */
const LONGEST_NAME = 255;

type ClaimCheck = readonly [claim: string, part: TokenPart, holds: (value: unknown, now: number) => boolean];

/** What every claim that is read must be, in the order in which they are told. Issuer and audience are compared before. */
const CHECKS: readonly ClaimCheck[] = [
  ["sub", "subject", isName],
  ["exp", "expiry", (value, now) => isTime(value) && value > now - CLOCK_TOLERANCE],
  ["nbf", "not_before", (value, now) => value === undefined || (isTime(value) && value <= now + CLOCK_TOLERANCE)],
  ["iat", "issued_at", (value, now) => isTime(value) && value <= now + CLOCK_TOLERANCE],
  ["jti", "id", isTextOrAbsent],
  ["scope", "scope", isTextOrAbsent],
];

/** Rejects with the part that does not hold. `now` in ms. */
export function checkClaims(payload: JWTPayload, now: number): void {
  for (const [claim, part, holds] of CHECKS) if (!holds(payload[claim], now / 1000)) throw tokenFault(part);
}

/** The end of the sign-in that a local token was renewed from, ms. */
export function signInEnd(value: unknown): number {
  if (!isTime(value)) throw tokenFault("sign_in");
  return value * 1000;
}

/** Name, roles and groups of an outer issuer's person. */
export function personOf(
  payload: JWTPayload,
  claims: ClaimsMapping,
): { account: string; roles: readonly Role[]; groups: readonly string[] } & Called {
  const account = claimAt(payload, claims.account);
  if (account !== undefined && !isName(account)) throw tokenFault("name");
  const names =
    claimAt(payload, claims.roles) === undefined && !isCut(payload, claims.roles) ? [] : namesIn(payload, claims.roles, "roles");
  const roles = ROLES.filter((role) => names.some((name) => Object.hasOwn(claims.roleNames, name) && claims.roleNames[name] === role));
  const groups = claims.groups === "" ? [] : groupsOf(payload, claims.groups);
  return { account: account ?? String(payload.sub), roles, groups, ...calledIn(payload) };
}

interface Called {
  readonly name?: string;
  readonly email?: string;
}

/** Longer addresses no mail is sent to (RFC 5321). */
const LONGEST_ADDRESS = 254;

/** OpenID Connect Core 5.1. Nothing that one may do hangs on them: what is malformed, or said not to be verified, is not known. */
function calledIn({ name, email, email_verified: isVerified }: JWTPayload): Called {
  const isAddress = isName(email) && email.length <= LONGEST_ADDRESS && /^[^\s@]+@[^\s@]+$/.test(email) && isVerified !== false;
  return { ...(isName(name) ? { name } : {}), ...(isAddress ? { email } : {}) };
}

/**
 * A claim that is absent, empty or cut is not "in no group": providers leave groups out of tokens when there are too many of them, or when
 * nobody configured them. Then it is not known what the person may.
 */
function groupsOf(payload: JWTPayload, claim: string): readonly string[] {
  const groups = claimAt(payload, claim) === undefined && !isCut(payload, claim) ? [] : namesIn(payload, claim, "groups");
  if (groups.length > 0) return groups;
  const how = claimAt(payload, claim) === undefined ? "has no" : "has an empty";
  throw unknownGroups(
    `The token ${how} claim \`${claim}\`: whoever runs the identity provider can put the groups there, or an operator can set GUISE_ISSUER_GROUPS_CLAIM to "".`,
  );
}

function namesIn(payload: JWTPayload, claim: string, part: "groups" | "roles"): readonly string[] {
  if (isCut(payload, claim))
    throw unknownGroups(
      `The token names too many ${part}: the identity provider has left the claim \`${claim}\` out of it. It can be told to put only those there that Guise knows.`,
    );
  const value = claimAt(payload, claim);
  if (value === null || value === "") return [];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!names.every(isName)) throw tokenFault(part);
  return names;
}

/** A claim's own name comes before a path of the same letters: some providers name claims by addresses. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  const steps = name.split(".");
  return steps.reduce<unknown>((value, step) => (isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined), payload);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** OpenID Connect Core 5.6.2 points elsewhere for what does not fit; `hasgroups` is one large provider's own mark for groups. */
function isCut(payload: JWTPayload, claim: string): boolean {
  const elsewhere = payload._claim_names;
  const isElsewhere = typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  const marked = claim === "groups" && payload.hasgroups !== undefined && payload.hasgroups !== false && payload.hasgroups !== "false";
  return isElsewhere || marked;
}

/** Signing in again would not help, and giving less than the person has would look like a fault of Guise. */
function unknownGroups(sentence: string): Refusal {
  return new Refusal("not_permitted", sentence, { facts: { part: "groups" } });
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LAST_SECOND;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= LONGEST_NAME && !/\p{Cc}|\p{Cs}/u.test(value);
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
