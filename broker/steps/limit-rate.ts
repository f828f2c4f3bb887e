import { addressKey } from "../address-key.ts";
import type { Call } from "../call.ts";
import { tooManyRequests } from "../failed-sign-ins.ts";
import type { Route } from "../route.ts";

/** Per person; where nobody is signed in, per address. What strangers spend is never what the signed-in need. */
export async function limitRate(call: Call, route: Route): Promise<void> {
  const { personRate, strangerRate } = call.services;
  if (call.principal === undefined && route.unmetered === true) return;
  const wait = call.principal === undefined ? strangerRate.take(addressKey(call.request.ip)) : personRate.take(call.principal.id);
  if (wait > 0) throw tooManyRequests(wait);
}
