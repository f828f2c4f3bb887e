import type { Call } from "../call.ts";
import type { Route } from "../route.ts";
import { tooManyRequests } from "./authenticate.ts";

const SIGN_INS: ReadonlySet<string> = new Set(["token", "open_session"]);

/** Per person; where nobody is signed in, per address, and sign-ins on a tighter limit of their own. */
export async function limitRate(call: Call, route: Route): Promise<void> {
  const { signInRate, requestRate } = call.services;
  const wait = SIGN_INS.has(route.id) ? signInRate.take(call.request.ip) : requestRate.take(call.principal?.id ?? call.request.ip);
  if (wait > 0) throw tooManyRequests(wait);
}
