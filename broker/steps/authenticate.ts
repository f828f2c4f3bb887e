import { Refusal } from "@guise/contract";
import { PERMISSIONS, type Permission } from "#access";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";

/** Finds out who calls. A token is taken from the Authorization header and from nowhere else. */
export async function authenticate(call: Call, route: Route): Promise<void> {
  const header = call.request.headers.authorization;
  const permission: Permission = PERMISSIONS[route.id];
  if (permission.roles === "open" && (permission.rule === "none" || header === undefined)) return;
  try {
    call.principal = await call.services.verifier.verify(bearerToken(header));
  } catch (error) {
    chargeFailure(call, error);
    throw error;
  }
}

function bearerToken(header: string | undefined): string {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "");
  if (match?.[1] === undefined) throw new Refusal("not_authenticated", "No access token came with the request.");
  return match[1];
}

/** Whoever presents bad tokens runs into the limit of sign-ins. */
function chargeFailure(call: Call, error: unknown): void {
  if (!(error instanceof Refusal) || error.code !== "not_authenticated") return;
  const wait = call.services.signInRate.take(call.request.ip);
  if (wait > 0) throw tooManyRequests(wait);
}

export function tooManyRequests(seconds: number): Refusal {
  return new Refusal("too_many_requests", `More requests than are accepted; the next one in ${seconds} s.`, {
    facts: { retry_after: seconds },
  });
}
