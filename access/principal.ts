import type { Role } from "@guise/contract";

/** What a token may be used for, beside the roles of its person. */
export const SCOPES = ["read", "request", "use", "author", "operate"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who acts. Owner of workspaces and actor in the audit is `id`, never the name alone: two issuers may know the same name. */
export interface Principal {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** The name for people. */
  readonly account: string;
  /** How the person is called, and the e-mail address, where the issuer or the account says it. */
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly scopes: readonly Scope[];
  /** Wall clock, ms: open streams end then. For the local issuer the end of the sign-in, else of the token. */
  readonly streamsUntil: number;
  /** Hash of the browser's session that the person came by; open streams end with it. */
  readonly session?: string;
}

/** An issuer is a URL without a fragment, so the first `#` parts the two. */
export function principalId(issuer: string, subject: string): string {
  return `${issuer}#${subject}`;
}

/** The subject of a principal of `localIssuer`, else the whole id: what people read as owner or author. */
export function nameOfPrincipal(id: string, localIssuer: string): string {
  const prefix = `${localIssuer}#`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}
