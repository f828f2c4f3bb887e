import { Refusal } from "@guise/contract";
import { absent } from "./call.ts";
import { answersHead, type Route } from "./route.ts";

/** What is said of a request that no route takes: whether it is the address or the method that is wrong. */
export function createUnrouted(routes: readonly Route[]): (method: string, url: string) => Refusal {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.url) }));
  return (method, url) => {
    const path = url.split("?")[0] ?? "";
    const here = patterns.filter(({ route, pattern }) => pattern.test(path) && (route.id !== "portal" || !isOfApi(path)));
    const allow = [...new Set(here.flatMap(({ route }) => (answersHead(route) ? [route.method, "HEAD"] : [route.method])))].sort();
    if (allow.length === 0 || allow.includes(method)) return absent();
    return new Refusal("method_not_allowed", `The address takes ${allow.join(", ")}.`, { facts: { allow } });
  };
}

/** Addresses that are the API's alone: the portal has no page there. */
export function isOfApi(path: string): boolean {
  return path === "/v1" || path.startsWith("/v1/");
}

function patternOf(url: string): RegExp {
  const source = url.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part === "*" ? ".*" : part.replaceAll(".", "\\.")));
  return new RegExp(`^${source.join("/")}$`);
}
