import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "#foundation";
import type { AccountSource } from "./verifier.ts";

export type CredentialKind = "sign_in_code" | "sign_in" | "session";

export interface Credential {
  readonly hash: string;
  readonly kind: CredentialKind;
  readonly account: string;
  readonly expiresAt: number;
}

/** Where hashes of credentials are kept (the repository). Taking a code removes it. */
export interface CredentialStore extends AccountSource {
  storeCredential(credential: Credential): Promise<void>;
  takeCredential(hash: string, kind: CredentialKind, now: number): Promise<Credential | undefined>;
  /** What taking it would give; it stays. */
  credential(hash: string, kind: CredentialKind, now: number): Promise<Credential | undefined>;
  dropCredential(hash: string): Promise<boolean>;
}

/** Credentials are 256 random bits; a stolen database holds nothing that could be presented. */
export async function issueCredential(
  { store, clock }: { readonly store: CredentialStore; readonly clock: Clock },
  kind: CredentialKind,
  account: string,
  lifetime: number,
): Promise<{ readonly secret: string; readonly expiresAt: number }> {
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = clock.now() + lifetime;
  await store.storeCredential({ hash: hashOf(secret), kind, account, expiresAt });
  return { secret, expiresAt };
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
