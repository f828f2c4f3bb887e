import type { IncomingHttpHeaders } from "node:http";

/** The host name of one web application on this machine: its own origin, so that applications cannot touch each other's pages. */
export function localHost(application: string, workspace_id: string): string {
  const label = (application.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-");
  // A label of a host name has at most 63 characters.
  return `${label.slice(0, 61 - workspace_id.length).replace(/-$/, "")}--${workspace_id}.localhost`;
}

/** Safe requests change nothing; for all others and for upgrades the page must be of our own origin. */
export function isFromOwnPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  return headers.origin === origin && (site === undefined || site === "same-origin");
}

export function isSafeMethod(method: string | undefined): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** The path to open first: of this origin, whatever the application says. */
export function firstPath(path: string | undefined): string {
  const base = "http://origin.invalid";
  if (path === undefined || !URL.canParse(path, base)) return "/";
  const url = new URL(path, base);
  return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : "/";
}
