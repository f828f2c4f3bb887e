import type { Role } from "@guise/contract";

/** Who signed in at a provider, and what it says of the person. */
export interface ProviderPerson {
  readonly principal: string;
  readonly issuer: string;
  readonly subject: string;
  readonly person: {
    readonly account: string;
    readonly name?: string;
    readonly email?: string;
    readonly roles: readonly Role[];
    readonly groups: readonly string[];
  };
  /** What asks the provider again, sealed. */
  readonly renewal: string;
  /** When the provider last said this, ms. */
  readonly checkedAt: number;
}

/** Where a person signed in: in a browser, or with a program. */
export type ProviderCredentialKind = "session" | "sign_in";

/** What was given to it, by its SHA-256. */
export interface ProviderCredential {
  readonly hash: string;
  readonly kind: ProviderCredentialKind;
  readonly principal: string;
  readonly expiresAt: number;
  readonly of: ProviderPerson;
}

/** Where they are kept (the repository). */
export interface ProviderPersonStore {
  /** The newest of a person's sign-ins is the one by which the provider is asked again. */
  storeProviderCredential(credential: ProviderCredential): Promise<void>;
  providerCredential(hash: string, now: number): Promise<ProviderCredential | undefined>;
  /** `before`: by what the provider was asked. Nothing happens where the person signed in anew meanwhile. */
  renewProviderPerson(person: ProviderPerson, before: string): Promise<void>;
  dropProviderCredential(hash: string): Promise<boolean>;
  /** With all credentials; nothing happens where the person signed in anew meanwhile. */
  forgetProviderPerson(principal: string, before: string): Promise<void>;
}
