import type { IncomingMessage } from "node:http";
import { Refusal } from "@guise/contract";

const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)/i;

/**
 * The path and query of what a request asks for. Where its target is a whole URL, as proxies are asked, the host is the URL's, and what
 * stands in Host is not looked at (RFC 9112, 3.2.2).
 */
export function pathOf(request: IncomingMessage): string {
  const target = request.url ?? "/";
  const [, authority, rest = ""] = ABSOLUTE.exec(target) ?? [];
  if (authority === undefined) return target;
  request.headers.host = authority;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** Which host a request names must be plain: two readers of one request must not come to two answers (RFC 9112, 3.2). */
export function requireOneHost({ rawHeaders, httpVersion, headers }: IncomingMessage): void {
  const named = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  if (named > 1) throw new Refusal("invalid", "The request names more than one Host.");
  if (headers.host === undefined && httpVersion === "1.1") throw new Refusal("invalid", "The request names no Host.");
}
