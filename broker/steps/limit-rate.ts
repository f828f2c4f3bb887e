import type { Call } from "../call.ts";
import type { Route } from "../route.ts";
import { tooManyRequests } from "./authenticate.ts";

/** Per person; where nobody is signed in, per address, and sign-ins on a tighter limit of their own. */
export async function limitRate(call: Call, route: Route): Promise<void> {
  const { signInRate, requestRate } = call.services;
  const wait = route.id === "token" ? signInRate.take(call.request.ip) : requestRate.take(call.principal?.id ?? call.request.ip);
  if (wait > 0) throw tooManyRequests(wait);
}
