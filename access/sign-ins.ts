import { Refusal, type TokenResponse } from "@guise/contract";
import type { Clock } from "#foundation";
import { type Credential, type CredentialKind, type CredentialStore, hashOf, issueCredential } from "./credentials.ts";
import type { LocalIssuer, TokenClaims } from "./local-issuer.ts";
import { type Principal, principalId, SCOPES } from "./principal.ts";
import type { ProviderPeople } from "./provider/provider-people.ts";

/** How long a sign-in code may be redeemed, in ms. */
export const SIGN_IN_CODE_LIFETIME = 600_000;
/** How long a sign-in gives access tokens, in ms. */
export const SIGN_IN_LIFETIME = 30 * 24 * 3_600_000;

export interface SignIns {
  /** A one-time code for the account; only its hash is kept. */
  issueCode(account: string): Promise<string>;
  /** Rejects `not_authenticated` for a code that is wrong, used or older than ten minutes. */
  redeemCode(code: string): Promise<Grant>;
  /** Rejects `not_authenticated` for a sign-in that is unknown or over, or whose account is disabled. */
  renew(signIn: string): Promise<Grant>;
  /** For a program that the person allowed to be signed in as well. */
  forProgram(principal: Principal): Promise<Grant>;
}

export interface Grant {
  readonly account: string;
  /** Whose it is. */
  readonly principal: string;
  readonly response: TokenResponse;
}

export function createSignIns(options: {
  store: CredentialStore;
  issuer: LocalIssuer;
  clock: Clock;
  provider?: Pick<ProviderPeople, "principalBy" | "alsoSignedIn"> | undefined;
}): SignIns {
  const { store, issuer, clock, provider } = options;
  const ofAccount = async (account: string, expiresAt: number): Promise<Grant> => ({
    account,
    principal: principalId(issuer.issuer, account),
    response: await accessToken(issuer, { subject: account, scopes: SCOPES, notAfter: expiresAt }),
  });
  const ofPerson = async ({ id, account, session, streamsUntil }: Principal): Promise<Grant> => ({
    account,
    principal: id,
    response: await accessToken(issuer, { subject: id, scopes: SCOPES, notAfter: streamsUntil, signIn: session ?? "" }),
  });
  const withSignIn = (grant: Grant, secret: string): Grant => ({ ...grant, response: { ...grant.response, sign_in: secret } });
  return {
    issueCode: async (account) => (await issueCredential(options, "sign_in_code", account, SIGN_IN_CODE_LIFETIME)).secret,
    async redeemCode(code) {
      const { account } = await takeGrant(options, code, "sign_in_code");
      const { secret, expiresAt } = await issueCredential(options, "sign_in", account, SIGN_IN_LIFETIME);
      return withSignIn(await ofAccount(account, expiresAt), secret);
    },
    async renew(signIn) {
      const hash = hashOf(signIn);
      const person = await provider?.principalBy(hash, "sign_in");
      if (person !== undefined) return ofPerson(person);
      const { account, expiresAt } = await takeGrant({ store, clock }, signIn, "sign_in");
      return ofAccount(account, expiresAt);
    },
    async forProgram(principal) {
      if (principal.issuer === issuer.issuer) {
        const { secret, expiresAt } = await issueCredential(options, "sign_in", principal.account, SIGN_IN_LIFETIME);
        return withSignIn(await ofAccount(principal.account, expiresAt), secret);
      }
      if (provider === undefined) throw new Refusal("not_permitted", "Nobody signs in at a provider here.");
      const given = await provider.alsoSignedIn(principal);
      return withSignIn(await ofPerson(given.principal), given.secret);
    },
  };
}

/** What is over for each kind, in words for people. */
const REFUSALS: Readonly<Record<CredentialKind, string>> = {
  sign_in_code: "The code is wrong, used or too old.",
  sign_in: "The sign-in is over.",
  session: "The sign-in is over.",
};

interface Parts {
  readonly store: CredentialStore;
  readonly clock: Clock;
}

/** Rejects `not_authenticated` for one that is unknown, used or over, or whose account is disabled. */
export async function takeGrant({ store, clock }: Parts, secret: string, kind: CredentialKind): Promise<Credential> {
  return granted(store, await store.takeCredential(hashOf(secret), kind, clock.now()), kind);
}

/** The same, and it stays as good as it was. */
export async function lookAtGrant({ store, clock }: Parts, secret: string, kind: CredentialKind): Promise<Credential> {
  return granted(store, await store.credential(hashOf(secret), kind, clock.now()), kind);
}

async function granted(store: CredentialStore, credential: Credential | undefined, kind: CredentialKind): Promise<Credential> {
  const account = credential === undefined ? undefined : await store.account(credential.account);
  if (credential === undefined || account === undefined || account.disabled) throw new Refusal("not_authenticated", REFUSALS[kind]);
  return credential;
}

async function accessToken(issuer: LocalIssuer, claims: TokenClaims): Promise<TokenResponse> {
  const { token, expiresIn } = await issuer.sign("access", claims);
  return { access_token: token, token_type: "Bearer", expires_in: expiresIn };
}
