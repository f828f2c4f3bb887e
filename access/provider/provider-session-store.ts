import type { Role } from "@guise/contract";

/** A browser's sign-in at a provider, by the SHA-256 of the browser's secret. */
export interface ProviderSession {
  readonly hash: string;
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
  readonly expiresAt: number;
}

/** Where they are kept (the repository). */
export interface ProviderSessionStore {
  storeProviderSession(session: ProviderSession): Promise<void>;
  providerSession(hash: string, now: number): Promise<ProviderSession | undefined>;
  renewProviderSession(hash: string, change: Pick<ProviderSession, "person" | "renewal" | "checkedAt" | "expiresAt">): Promise<void>;
  dropProviderSession(hash: string): Promise<boolean>;
}
