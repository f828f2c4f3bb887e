import { Refusal } from "@guise/contract";
import type { FastifyRequest } from "fastify";

/** Bound to the portal's own host: cookies know no ports, and this prefix lets no other host set it. */
export const SESSION_COOKIE = "__Host-guise-session";

export interface PageHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | string[] | undefined;
}

/**
 * Whether a browser sends this for a page of the portal: what rides on a cookie is believed only then. A browser tells the site of
 * every request, and the origin of every one that changes something or opens a socket; no page can change what it tells.
 */
export function isFromOwnPage(headers: PageHeaders, kind: "read" | "change" | "upgrade", origin: string): boolean {
  if (headers.host?.toLowerCase() !== new URL(origin).host) return false;
  const site = headers["sec-fetch-site"];
  // Not every browser tells it with a handshake.
  if (site !== "same-origin" && !(kind === "upgrade" && site === undefined)) return false;
  return kind === "read" ? headers.origin === undefined || headers.origin === origin : headers.origin === origin;
}

export function kindOf(request: FastifyRequest): "read" | "change" | "upgrade" {
  if (request.headers.upgrade !== undefined) return "upgrade";
  return request.method === "GET" || request.method === "HEAD" ? "read" : "change";
}

/** Rejects `not_permitted`: another page made the browser send this. */
export function requireOwnPage(request: FastifyRequest, origin: string): void {
  if (isFromOwnPage(request.headers, kindOf(request), origin)) return;
  throw new Refusal("not_permitted", `This is taken only from a page of ${origin}.`);
}
