import { Refusal } from "@guise/contract";
import { errors } from "jose";
import { KeysUnavailable } from "./remote-keys.ts";

/** The part of an access token that does not hold. Told to the caller and logged; what stands in the part is neither. */
export const TOKEN_PARTS = {
  form: "it is not a signed token",
  issuer: "it is from an issuer that is not trusted here",
  header: "its header asks for something that is not supported",
  type: "its type (`typ`) is not that of an access token, or it is marked for another use",
  algorithm: "it is signed by an algorithm that is not taken",
  key: "it names no key of its issuer",
  signature: "its signature is not by its issuer's key",
  audience: "it is for another audience (`aud`)",
  subject: "`sub` is not a text of 1 to 255 characters",
  expiry: "it has expired (`exp`), or does not say when it will",
  not_before: "it is not valid yet (`nbf`)",
  issued_at: "it was issued in the future (`iat`), or does not say when",
  id: "`jti` is not a text",
  scope: "`scope` is not a text",
  sign_in: "it does not say when its sign-in ends",
  account: "the account does not exist or is disabled",
  name: "the claim with the person's name is not a text",
  roles: "the claim with the person's roles is not a list of names",
  groups: "the claim with the person's groups is not a list of names",
} as const;
export type TokenPart = keyof typeof TOKEN_PARTS;

export function tokenFault(part: TokenPart, cause?: unknown): Refusal {
  return new Refusal("not_authenticated", `The access token does not hold: ${TOKEN_PARTS[part]}.`, { facts: { part }, cause });
}

/** jose's claims that it checks itself, by their names there. */
const PARTS_BY_CLAIM: Readonly<Record<string, TokenPart>> = {
  typ: "type",
  iss: "issuer",
  aud: "audience",
  sub: "subject",
  exp: "expiry",
  nbf: "not_before",
  iat: "issued_at",
};

/** What the look at a token found, as the refusal that says which part it was. Keys that cannot be had are not the token's fault. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof KeysUnavailable) {
    const facts = { part: "keys", retry_after: error.retryAfter };
    return new Refusal("unavailable", "The keys of the token's issuer cannot be had now.", { facts, cause: error });
  }
  if (error instanceof errors.JWTExpired) return tokenFault("expiry", error);
  if (error instanceof errors.JWTClaimValidationFailed) return tokenFault(PARTS_BY_CLAIM[error.claim] ?? "form", error);
  if (error instanceof errors.JOSEAlgNotAllowed) return tokenFault("algorithm", error);
  if (error instanceof errors.JOSENotSupported) return tokenFault("header", error);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return tokenFault("key", error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return tokenFault("signature", error);
  if (error instanceof errors.JOSEError) return tokenFault("form", error);
  throw error;
}
