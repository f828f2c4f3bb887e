import { Refusal } from "@guise/contract";
import { PERMISSIONS, type Permission, type Principal } from "#access";
import type { Call } from "../call.ts";
import { isFromOwnPage, kindOf, requireOwnPage, SESSION_COOKIE } from "../own-page.ts";
import type { Route } from "../route.ts";

/** Finds out who calls: by a token in the Authorization header, or by the cookie of a browser that has a page of the portal open. */
export async function authenticate(call: Call, route: Route): Promise<void> {
  const permission: Permission = PERMISSIONS[route.id];
  const isOpen = permission.roles === "open";
  const header = call.request.headers.authorization;
  const secret = header === undefined ? sessionOf(call) : undefined;
  if (header === undefined && secret === undefined && !isOpen) throw nothingCame();
  if (isOpen && (route.unmetered === true || (header === undefined && secret === undefined))) return;
  try {
    const principal =
      secret === undefined ? await call.services.verifier.verify(bearerToken(header)) : await holderOf(call, secret, isOpen);
    if (principal !== undefined) signedIn(call, principal);
  } catch (error) {
    // Who presents what does not hold is answered as everybody is, where everybody is.
    if (isOpen && permission.rule === "none") return;
    throw call.services.failures.told(error, call.request);
  }
}

function signedIn(call: Call, principal: Principal): void {
  call.principal = principal;
  call.services.connections.signedIn(call.request.raw.socket, principal.id);
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
  if (match?.[1] === undefined) throw nothingCame();
  return match[1];
}

/** Nothing was presented, so nothing failed. */
function nothingCame(): Refusal {
  return new Refusal("not_authenticated", "No access token came with the request.");
}
