/** The host's proxies, and the hosts that are reached without one. */
export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** As `no_proxy` has it: names with all below them, addresses, or `*`, separated by commas. */
  readonly none?: string | undefined;
}

/** Where a connection for the address goes: to itself, or to the proxy before it. */
export function proxied(url: URL, { http, https, none = "" }: Proxies): URL {
  const proxy = url.protocol === "https:" ? https : http;
  return proxy === undefined || proxy === "DIRECT" || isDirect(url.hostname, none) ? url : new URL(proxy);
}

/** The variables that programs read them from; some know only one way to write them. */
export function proxyVariables({ http, https, none }: Proxies): Record<string, string> {
  return {
    ...(http === undefined ? {} : { http_proxy: http }),
    ...(https === undefined ? {} : { https_proxy: https, HTTPS_PROXY: https }),
    ...(none === undefined ? {} : { no_proxy: none, NO_PROXY: none }),
  };
}

function isDirect(host: string, none: string): boolean {
  const names = none.split(",").map((name) => name.trim().replace(/^\*?\./, ""));
  return names.some((name) => name !== "" && (name === "*" || host === name || host.endsWith(`.${name}`)));
}
