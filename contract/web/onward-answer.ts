import { applicationCookie } from "./cookies.ts";
import type { Ours } from "./onward-request.ts";
import { hopByHop, mapHeaders, type RawHeaders } from "./raw-headers.ts";

export interface AnswerRules extends Pick<Ours, "isOurs"> {
  /** Origin whose pages may show the application in a frame; undefined: frames are the application's own matter. */
  readonly framedBy?: string;
}

/** These reach beyond the application's own page: to other ports, to all of its domain, to our cookies, to our own pages at its origin. */
const FAR_REACHING = new Set(["alt-svc", "strict-transport-security", "clear-site-data", "service-worker-allowed"]);
/** An application that takes its own address inside for the one it is reached by. */
const INSIDE = /^https?:\/\/(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1?\])(?::\d+)?(?=[/?#]|$)/i;

/** The headers of an answer as the browser may see them. */
export function onwardAnswer(raw: RawHeaders, { isOurs, framedBy }: AnswerRules): string[] {
  const hop = hopByHop(raw);
  const headers = mapHeaders(raw, (name, value) => {
    if (hop.has(name) || FAR_REACHING.has(name)) return undefined;
    if (name === "set-cookie") return applicationCookie(value, isOurs, framedBy !== undefined);
    if (name === "location") return ownLocation(value);
    if (framedBy === undefined) return value;
    if (name === "x-frame-options") return undefined;
    return name === "content-security-policy" ? withoutFraming(value) : value;
  });
  return framedBy === undefined ? headers : [...headers, "Content-Security-Policy", `frame-ancestors 'self' ${framedBy}`];
}

function ownLocation(location: string): string {
  const rest = location.replace(INSIDE, "");
  return rest === "" || rest.startsWith("?") || rest.startsWith("#") ? `/${rest}` : rest;
}

/** Who may frame it is said by us; all else that the application forbids its pages stays forbidden. */
function withoutFraming(policies: string): string | undefined {
  const kept = policies.split(",").map((policy) =>
    policy
      .split(";")
      .map((directive) => directive.trim())
      .filter((directive) => directive !== "" && !/^frame-ancestors(?:\s|$)/i.test(directive))
      .join("; "),
  );
  const rest = kept.filter((policy) => policy !== "").join(", ");
  return rest === "" ? undefined : rest;
}
