/** Headers by which a browser says what page makes it send a request; no page can change them. */
export interface PageHeaders {
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | readonly string[] | undefined;
}

/** Whether a page of this origin sent it. Safe requests tell no origin; for all others and for upgrades it must be told. */
export function isFromOwnOrigin(headers: PageHeaders, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  return headers.origin === origin && (site === undefined || site === "same-origin");
}

/** A request that changes nothing (RFC 9110). */
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
