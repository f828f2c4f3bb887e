import { withoutCookies } from "./cookies.ts";
import { hopByHop, mapHeaders, type RawHeaders } from "./raw-headers.ts";

/** What is Guise's in the messages between a browser and an application. */
export interface Ours {
  /** By the name of a cookie, whatever its case. */
  isOurs(cookie: string): boolean;
  /** Whether a text is a credential of ours. */
  holdsCredential(text: string): boolean;
}

/** These would speak for the browser's user about the machine, or be believed by the application. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|x-real-ip)$/;

/** The headers of a request as the application may see them: without our cookies, and without any token of ours. */
export function onwardRequest(raw: RawHeaders, ours: Ours): string[] {
  const hop = hopByHop(raw);
  return mapHeaders(raw, (name, value) => {
    if (hop.has(name) || FORWARDED.test(name)) return undefined;
    if (name === "authorization") return ours.holdsCredential(value.replace(/^\S+\s+/, "")) ? undefined : value;
    return name === "cookie" ? withoutCookies(value, ours.isOurs) : value;
  });
}
