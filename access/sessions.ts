import { Refusal } from "@guise/contract";
import type { Clock } from "#foundation";
import { type CredentialStore, hashOf, issueCredential } from "./credentials.ts";
import { type Principal, principalId, SCOPES } from "./principal.ts";
import type { ProviderPeople } from "./provider/provider-people.ts";
import { lookAtGrant, takeGrant } from "./sign-ins.ts";

/** How long a browser stays signed in, in ms. */
export const SESSION_LIFETIME = 30 * 24 * 3_600_000;

/** Sign-ins of browsers, with accounts of the local issuer or at a provider. The secret is worth nothing as a sign-in of a program, and the other way round. */
export interface Sessions {
  /** Rejects `not_authenticated` for a code that is wrong, used or older than ten minutes. */
  open(code: string): Promise<Session>;
  /** Whose the code is; it stays good. Rejects as `open` does. */
  accountOf(code: string): Promise<string>;
  /** Who holds it. Rejects `not_authenticated` when it is unknown or over, or its account is disabled; `unavailable` while a provider cannot say. */
  principalOf(secret: string): Promise<Principal>;
  /** The same person as of now, for streams that stay open; undefined when the session has ended or the account is gone. */
  refresh(principal: Principal): Promise<Principal | undefined>;
  end(secret: string): Promise<void>;
}

export interface Session {
  readonly account: string;
  readonly secret: string;
  /** Wall clock, ms. */
  readonly expiresAt: number;
}

export function createSessions(options: {
  store: CredentialStore;
  issuer: string;
  clock: Clock;
  provider?: Pick<ProviderPeople, "principalBy" | "end"> | undefined;
}): Sessions {
  const { store, clock, issuer, provider } = options;
  const principalBy = async (hash: string, kind?: "session") => (await accountHolder(hash)) ?? provider?.principalBy(hash, kind);
  const accountHolder = async (hash: string): Promise<Principal | undefined> => {
    const credential = await store.takeCredential(hash, "session", clock.now());
    const account = credential === undefined ? undefined : await store.account(credential.account);
    if (credential === undefined || account === undefined || account.disabled) return undefined;
    return {
      id: principalId(issuer, account.account),
      issuer,
      subject: account.account,
      account: account.account,
      roles: account.roles,
      groups: account.groups,
      scopes: SCOPES,
      streamsUntil: credential.expiresAt,
      session: hash,
    };
  };
  return {
    async open(code) {
      const { account } = await takeGrant(options, code, "sign_in_code");
      return { account, ...(await issueCredential(options, "session", account, SESSION_LIFETIME)) };
    },
    accountOf: async (code) => (await lookAtGrant(options, code, "sign_in_code")).account,
    async principalOf(secret) {
      const principal = await principalBy(hashOf(secret), "session");
      if (principal === undefined) throw new Refusal("not_authenticated", "The sign-in is over.");
      return principal;
    },
    refresh: async ({ session }) => (session === undefined ? undefined : principalBy(session)),
    async end(secret) {
      const hash = hashOf(secret);
      if (!(await store.dropCredential(hash))) await provider?.end(hash);
    },
  };
}
