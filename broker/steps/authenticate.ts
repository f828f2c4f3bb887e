import { Refusal } from "@guise/contract";
import { PERMISSIONS, type Permission, type Principal } from "#access";
import type { Call } from "../call.ts";
import { isFromOwnPage, kindOf, requireOwnPage, SESSION_COOKIE } from "../own-page.ts";
import type { Route } from "../route.ts";

/** Finds out who calls: by a token in the Authorization header, or by the cookie of a browser that has a page of the portal open. */
export async function authenticate(call: Call, route: Route): Promise<void> {
  const header = call.request.headers.authorization;
  const permission: Permission = PERMISSIONS[route.id];
  const secret = header === undefined ? sessionOf(call) : undefined;
  const nobody = header === undefined && secret === undefined;
  if (permission.roles === "open" && (permission.rule === "none" || nobody)) return;
  try {
    call.principal =
      secret === undefined
        ? await call.services.verifier.verify(bearerToken(header))
        : await holderOf(call, secret, permission.roles === "open");
  } catch (error) {
    chargeFailure(call, error);
    throw error;
  }
}

/** The cookie counts at the portal's own host alone. */
function sessionOf({ request, services }: Call): string | undefined {
  const ownHost = request.headers.host?.toLowerCase() === new URL(services.portal.origin).host;
  return ownHost && services.sessions !== undefined ? request.cookies[SESSION_COOKIE] : undefined;
}

async function holderOf({ request, services }: Call, secret: string, isOpen: boolean): Promise<Principal | undefined> {
  // An open route that another page, or nobody's page, asks for is answered as it answers everybody.
  if (isOpen && !isFromOwnPage(request.headers, kindOf(request), services.portal.origin)) return undefined;
  requireOwnPage(request, services.portal.origin);
  return services.sessions?.principalOf(secret);
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
