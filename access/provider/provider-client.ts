import * as oidc from "openid-client";
import { CodedError, messageOf } from "#foundation";
import { CLOCK_TOLERANCE } from "../token-claims.ts";

/** How Guise is known to the provider. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly client: string;
  /** Empty: a public client, which PKCE alone holds. */
  readonly secret: string;
  /** Separated by blanks; `openid` is always among them. */
  readonly scopes: string;
  /** Where the provider sends the browser back. */
  readonly returnTo: string;
  /** Claims that must be known: where an ID token lacks them, userinfo is asked. */
  readonly claims: readonly string[];
}

/** What a browser brings back from the provider must fit to; it knows none of it but the state. */
export interface Kept {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What asks the provider again: a refresh token, else an access token as long as that is good (wall clock, ms). */
export type Renewal = { readonly refresh: string } | { readonly access: string; readonly until: number };

/** What the provider says of a person. */
export interface Told {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly renewal: Renewal;
}

export type ProviderFault =
  /** The person did not want to, or may not there. */
  | "sign_in_cancelled"
  /** What came back fits to nothing that was begun, or was used before. */
  | "sign_in_unfit"
  /** It does not answer, or not as a provider does. */
  | "provider_unavailable"
  /** It has ended the person's sign-in. */
  | "sign_in_ended";

/** The message is for the log. */
export class ProviderError extends CodedError<ProviderFault> {}

const PATIENCE = 5;
/** After a failed look at the provider's document it is not asked for this long, ms. */
const PAUSE_AFTER_FAILURE = 1_000;
/** Access tokens whose life the provider leaves open, ms. */
const UNKNOWN_LIFE = 300_000;

/** One OpenID Connect provider as its client: authorization code with PKCE (RFC 7636), state and nonce, the issuer in the answer (RFC 9207). */
export class ProviderClient {
  readonly #settings: ProviderSettings;
  readonly #now: () => number;
  #found: Promise<oidc.Configuration> | undefined;
  #failed: { readonly at: number; readonly error: ProviderError } | undefined;

  constructor(settings: ProviderSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Where to send the browser, and what to keep for its return. Rejects ProviderError `provider_unavailable`. */
  async begin(): Promise<{ readonly address: URL; readonly kept: Kept }> {
    const configuration = await this.#configuration();
    const kept = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.returnTo,
      scope: this.#settings.scopes,
      state: kept.state,
      nonce: kept.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: "S256",
    });
    return { address, kept };
  }

  /** `query`: what the browser came back with. Rejects ProviderError. */
  async finish(query: string, { state, nonce, verifier }: Kept): Promise<Told> {
    const configuration = await this.#configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const asked = oidc.authorizationCodeGrant(configuration, new URL(`${this.#settings.returnTo}${query}`), checks);
    const tokens = await this.#told(asked).catch((error: unknown) => {
      // Of a code: it was used, or is too old.
      if (error instanceof ProviderError && error.code === "sign_in_ended")
        throw new ProviderError("sign_in_unfit", error.message, { cause: error });
      throw error;
    });
    const own = tokens.claims();
    if (own === undefined) throw new ProviderError("sign_in_unfit", "no ID token came");
    return this.#person(own.sub, tokens);
  }

  /** What it says now. Rejects ProviderError; `sign_in_ended` when it knows no more of it. */
  async again(subject: string, renewal: Renewal): Promise<Told> {
    const configuration = await this.#configuration();
    if ("refresh" in renewal) {
      const tokens = await this.#told(oidc.refreshTokenGrant(configuration, renewal.refresh));
      const own = tokens.claims();
      if (own !== undefined && own.sub !== subject) throw new ProviderError("sign_in_ended", "the provider renewed it for somebody else");
      // One that rotates nothing gives none.
      return this.#person(subject, tokens, renewal.refresh);
    }
    if (this.#now() >= renewal.until) throw new ProviderError("sign_in_ended", "its access token is over, and there is no refresh token");
    return { subject, claims: await this.#told(oidc.fetchUserInfo(configuration, renewal.access, subject)), renewal };
  }

  async #person(subject: string, tokens: Tokens, refreshed?: string): Promise<Told> {
    const own: Record<string, unknown> = { ...tokens.claims() };
    const refresh = tokens.refresh_token ?? refreshed;
    const life = tokens.expires_in === undefined ? UNKNOWN_LIFE : tokens.expires_in * 1000;
    const renewal = refresh === undefined ? { access: tokens.access_token, until: this.#now() + life } : { refresh };
    return { subject, claims: await this.#completed(subject, own, tokens.access_token), renewal };
  }

  /** Groups and roles are often in userinfo alone, or there because an ID token has no room for them. */
  async #completed(subject: string, own: Readonly<Record<string, unknown>>, access: string): Promise<Readonly<Record<string, unknown>>> {
    const lacking = this.#settings.claims.filter((claim) => claim !== "" && own[first(claim)] === undefined);
    const configuration = await this.#configuration();
    if (lacking.length === 0 || configuration.serverMetadata().userinfo_endpoint === undefined) return own;
    const more = await this.#told(oidc.fetchUserInfo(configuration, access, subject));
    const { _claim_names: _, hasgroups: __, ...rest } = own;
    const isComplete = lacking.every((claim) => more[first(claim)] !== undefined);
    return { ...more, ...(isComplete ? rest : own) };
  }

  /** Its own document, which must speak of this very issuer; found once. */
  async #configuration(): Promise<oidc.Configuration> {
    const failed = this.#failed;
    if (failed !== undefined && this.#now() - failed.at < PAUSE_AFTER_FAILURE) throw failed.error;
    this.#found ??= this.#discovered();
    try {
      return await this.#found;
    } catch (cause) {
      this.#found = undefined;
      const error = new ProviderError("provider_unavailable", `its document cannot be had: ${messageOf(cause)}`, { cause });
      this.#failed = { at: this.#now(), error };
      throw error;
    }
  }

  async #told<Answer>(asked: Promise<Answer>): Promise<Answer> {
    return asked.catch((cause: unknown) => {
      const error = faultOf(cause);
      // Its document may say something else by now.
      if (error.code === "provider_unavailable") this.#found = undefined;
      throw error;
    });
  }

  #discovered(): Promise<oidc.Configuration> {
    const { issuer, client, secret } = this.#settings;
    const server = new URL(issuer);
    const authentication = secret === "" ? oidc.None() : oidc.ClientSecretBasic(secret);
    const metadata = { [oidc.clockTolerance]: CLOCK_TOLERANCE };
    const options = { timeout: PATIENCE, ...(server.protocol === "http:" ? { execute: [oidc.allowInsecureRequests] } : {}) };
    return oidc.discovery(server, client, metadata, authentication, options);
  }
}

type Tokens = Pick<Awaited<ReturnType<typeof oidc.refreshTokenGrant>>, "claims" | "access_token" | "refresh_token" | "expires_in">;

/** A claim by path stands within its first word. */
function first(claim: string): string {
  return claim.split(".", 1)[0] ?? claim;
}

/** Codes of RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6 that a person's own no, or the provider's to the person, has. */
const REFUSALS: readonly string[] = [
  "access_denied",
  "consent_required",
  "login_required",
  "interaction_required",
  "account_selection_required",
];

function faultOf(cause: unknown): ProviderError {
  if (cause instanceof oidc.AuthorizationResponseError) {
    const code = REFUSALS.includes(cause.error) ? "sign_in_cancelled" : "provider_unavailable";
    return new ProviderError(code, `it answered ${said(cause)}`, { cause });
  }
  if (cause instanceof oidc.ResponseBodyError) {
    const code = cause.error === "invalid_grant" ? "sign_in_ended" : "provider_unavailable";
    return new ProviderError(code, `it answered ${said(cause)}`, { cause });
  }
  if (cause instanceof oidc.WWWAuthenticateChallengeError) {
    const said = cause.cause.map(({ parameters }) => parameters.error ?? "").join(" ");
    // A token of the person's that it does not know any more (RFC 6750 3.1); else it is Guise that it does not know.
    return new ProviderError(said === "invalid_token" ? "sign_in_ended" : "provider_unavailable", `it answered ${cause.status} ${said}`, {
      cause,
    });
  }
  const isUnfit = cause instanceof oidc.ClientError && !UNANSWERED.includes(String(cause.code));
  return new ProviderError(isUnfit ? "sign_in_unfit" : "provider_unavailable", messageOf(deepest(cause)), { cause });
}

const UNANSWERED: readonly string[] = ["OAUTH_TIMEOUT", "OAUTH_RESPONSE_IS_NOT_CONFORM", "OAUTH_RESPONSE_IS_NOT_JSON"];

function said({ error, error_description: more }: { readonly error: string; readonly error_description?: string | undefined }): string {
  return more === undefined ? error : `${error}: ${more}`;
}

function deepest(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;
}
