import type { TokenResponse } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import type { Timing } from "./back-off.ts";

/** A long-lived sign-in, exchanged for short access tokens as they are needed. */
export interface SignIn {
  readonly sign_in: string;
}

/** In a page of Guise's own portal: the browser sends its cookie, which no script can read. */
export interface BrowserSession {
  readonly session: "browser";
}

/** An access token; a function that fetches one (called again when the broker no longer accepts the last); or a sign-in. */
export type TokenStrategy = string | (() => Promise<string>) | SignIn | BrowserSession;

/** The token to send, renewed on the way. */
export interface Tokens {
  /** Undefined where the browser sends its cookie. */
  current(): Promise<string | undefined>;
  /** Another token after the broker refused `stale`; undefined when there is no other. */
  renew(stale: string | undefined): Promise<string | undefined>;
  /** Whether `text` is a credential that this agent has sent. */
  holds(text: string): boolean;
}

/** POST /v1/token, without a token of one's own. */
export type Exchange = (body: { grant_type: "sign_in"; sign_in: string }) => Promise<TokenResponse>;

export function tokensFrom(strategy: TokenStrategy, exchange: Exchange, timing: Timing): Tokens {
  if (typeof strategy === "string") return fixedToken(strategy);
  if (typeof strategy === "object" && "session" in strategy) return NO_TOKEN;
  if (typeof strategy === "function") return fetchedTokens(async () => ({ token: await strategy(), until: Number.POSITIVE_INFINITY }));
  return fetchedTokens(async () => {
    const answer = await exchange({ grant_type: "sign_in", sign_in: strategy.sign_in });
    // A fifth of its life before the end: a clock that is a little off, or a slow answer, meets no refusal.
    return { token: answer.access_token, until: timing.now() + answer.expires_in * 800 };
  }, timing);
}

const NO_TOKEN: Tokens = { current: async () => undefined, renew: async () => undefined, holds: () => false };

function fixedToken(token: string): Tokens {
  return { current: async () => token, renew: async () => undefined, holds: (text) => text === token };
}

interface Fetched {
  readonly token: string;
  readonly until: number;
}

function fetchedTokens(fetchToken: () => Promise<Fetched>, timing: Pick<Timing, "now"> = { now: () => 0 }): Tokens {
  const sent = new Set<string>();
  let last: Fetched | undefined;
  let under: Promise<Fetched> | undefined;

  /** Callers at the same moment share one exchange. */
  async function fresh(): Promise<string> {
    under ??= fetchToken().finally(() => {
      under = undefined;
    });
    last = await under;
    if (last.token === "") throw new AgentError("not_authenticated", "The token function gave an empty token.");
    sent.add(last.token);
    // Only the newest few can still be valid.
    for (const token of sent) if (sent.size > 8) sent.delete(token);
    return last.token;
  }

  return {
    current: async () => (last !== undefined && timing.now() < last.until ? last.token : fresh()),
    renew: async (stale) => (last !== undefined && last.token !== stale ? last.token : fresh()),
    holds: (text) => sent.has(text),
  };
}
