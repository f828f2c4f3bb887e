import type { Preferences, Role } from "@guise/contract";

export interface AccountRow {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number;
  /** How its person is called, and the address; absent: not known. */
  readonly name?: string;
  readonly email?: string;
}

/** What is named changes; null: not known any more. */
export interface AccountChange {
  readonly roles?: readonly Role[];
  readonly groups?: readonly string[];
  readonly disabled?: boolean;
  readonly name?: string | null;
  readonly email?: string | null;
}

export interface GroupRow {
  readonly group: string;
  readonly priority: string;
  readonly members: readonly string[];
}

/** What a person prefers in every persona. `revision` rises with each change. */
export interface PreferencesRow {
  readonly revision: number;
  readonly preferences: Preferences;
}

/** `sign_in_code`: good once. `sign_in`: of a program. `session`: of a browser. */
export type CredentialKind = "sign_in_code" | "sign_in" | "session";

export interface CredentialRow {
  readonly hash: string;
  readonly kind: CredentialKind;
  readonly account: string;
  readonly expiresAt: number;
}

/** Whom a provider signed in, and what it says of the person. */
export interface SignedInPerson {
  readonly account: string;
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
}

/** Who signed in at a provider. */
export interface ProviderPersonRow {
  readonly principal: string;
  readonly issuer: string;
  readonly subject: string;
  readonly person: SignedInPerson;
  /** What asks the provider again, sealed. */
  readonly renewal: string;
  /** When the provider last said this, ms. */
  readonly checkedAt: number;
}

/** A sign-in at a provider, of a browser (`session`) or a program, by the SHA-256 of what was given to it. */
export interface ProviderCredentialRow {
  readonly hash: string;
  readonly kind: "session" | "sign_in";
  readonly principal: string;
  readonly expiresAt: number;
}
