import { cookiesIn } from "./local-sign-in.ts";

export interface Ours {
  readonly cookie: string;
  /** Whether a text is a credential of this agent. */
  holdsCredential(text: string): boolean;
}

/** These describe one hop, not the message. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "expect",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** These would speak for the browser's user about this machine, or be believed by the application. */
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip)$/;
/** These reach beyond the application's own page: to other ports, to all of localhost, to our cookie. */
const FAR_REACHING = new Set(["alt-svc", "strict-transport-security", "clear-site-data"]);

/** Name and value in turn, as Node gives and takes raw headers. */
export type RawHeaders = readonly string[];

/** The request as the application may see it: without our cookie, and without any token of ours. */
export function requestHeaders(raw: RawHeaders, ours: Ours): string[] {
  const hop = hopByHop(raw);
  return mapped(raw, (name, value) => {
    if (hop.has(name) || FORWARDED.test(name)) return undefined;
    if (name === "authorization") return ours.holdsCredential(value.replace(/^\S+\s+/, "")) ? undefined : value;
    return name === "cookie" ? withoutOurCookie(value, ours.cookie) : value;
  });
}

/** The answer as the browser may see it. */
export function responseHeaders(raw: RawHeaders, ours: Pick<Ours, "cookie">): string[] {
  const hop = hopByHop(raw);
  return mapped(raw, (name, value) => {
    if (hop.has(name) || FAR_REACHING.has(name)) return undefined;
    return name === "set-cookie" ? ownCookieOnly(value, ours.cookie) : value;
  });
}

function mapped(raw: RawHeaders, map: (name: string, value: string) => string | undefined): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = map(name.toLowerCase(), raw[index + 1] ?? "");
    if (value !== undefined) kept.push(name, value);
  }
  return kept;
}

/** What `Connection` names is of this hop too. */
function hopByHop(raw: RawHeaders): ReadonlySet<string> {
  const names = new Set(HOP_BY_HOP);
  mapped(raw, (name, value) => {
    if (name === "connection") for (const named of value.split(",")) names.add(named.trim().toLowerCase());
    return undefined;
  });
  return names;
}

function withoutOurCookie(header: string, ours: string): string | undefined {
  const rest = cookiesIn(header).filter(([name]) => name !== ours);
  return rest.length === 0 ? undefined : rest.map(([name, value]) => `${name}=${value}`).join("; ");
}

/** A cookie with Domain would go to other applications on localhost; one with our name would shut the person out. */
function ownCookieOnly(header: string, ours: string): string | undefined {
  const [pair = "", ...attributes] = header.split(";");
  if (pair.split("=")[0]?.trim().toLowerCase() === ours) return undefined;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(";");
}
