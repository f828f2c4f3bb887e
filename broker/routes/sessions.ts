import {
  Refusal,
  sessionRequestSchema,
  sessionSchema,
  signInAccountSchema,
  signInLinkRequestSchema,
  signInLinkSchema,
} from "@guise/contract";
import { principalId, type Sessions, SIGN_IN_CODE_LIFETIME } from "#access";
import { type Call, callerOf, doneBy } from "../call.ts";
import { requireOwnPage, SESSION_COOKIE } from "../own-page.ts";
import { httpRoute } from "../route.ts";
import { clearSession, setSession } from "../session-cookie.ts";
import { signInsOf } from "./identity.ts";

export const openSession = httpRoute({
  id: "open_session",
  method: "POST",
  url: "/v1/session",
  tag: "identity",
  unmetered: true,
  summary: "Sign a browser in by a sign-in code",
  description: "Only for pages of the portal: the answer sets a cookie, which no program can read and no other page can use.",
  body: sessionRequestSchema,
  answers: { 200: { description: "Who is signed in now.", schema: sessionSchema } },
  errors: ["not_permitted", "not_authenticated"],
  async act(call) {
    const { portal, repository, clock, issuer } = call.services;
    requireOwnPage(call.request, portal.origin);
    const { account, secret, expiresAt } = await sessionsOf(call)
      .open(call.body.code)
      .catch((error: unknown) => {
        throw call.services.failures.told(error, call.request);
      });
    const actor = principalId(issuer?.issuer ?? "", account);
    await repository.audit({ at: clock.now(), actor, action: "sign_in", target: account, outcome: "done", facts: { browser: true } });
    setSession(call, secret, expiresAt);
    return { status: 200, body: { account, expires_at: new Date(expiresAt).toISOString() } };
  },
});

export const signInAccount = httpRoute({
  id: "sign_in_account",
  method: "POST",
  url: "/v1/session/account",
  tag: "identity",
  unmetered: true,
  summary: "Whom a sign-in code would sign in",
  description: "Only for pages of the portal, so that a person sees as whom before signing in by a link. The code stays good.",
  body: sessionRequestSchema,
  answers: { 200: { description: "The account.", schema: signInAccountSchema } },
  errors: ["not_permitted", "not_authenticated"],
  async act(call) {
    requireOwnPage(call.request, call.services.portal.origin);
    const looked = sessionsOf(call).accountOf(call.body.code);
    const account = await looked.catch((error: unknown) => {
      throw call.services.failures.told(error, call.request);
    });
    return { status: 200, body: { account } };
  },
});

export const endSession = httpRoute({
  id: "end_session",
  method: "DELETE",
  url: "/v1/session",
  tag: "identity",
  summary: "Sign this browser out",
  description: "Its open streams end within a minute. What runs goes on running.",
  answers: { 204: { description: "It is signed out." } },
  async act(call) {
    const secret = call.request.cookies[SESSION_COOKIE];
    if (secret !== undefined) {
      await sessionsOf(call).end(secret);
      await call.services.repository.audit(doneBy(call, "sign_out", callerOf(call).account));
    }
    clearSession(call);
    return { status: 204 };
  },
});

export const createSignInLink = httpRoute({
  id: "create_sign_in_link",
  method: "POST",
  url: "/v1/me/sign-in-link",
  tag: "identity",
  summary: "A link that opens the portal as you",
  description: "Of a local account it signs a browser in, once, within ten minutes. Who signs in at a provider does so there.",
  body: signInLinkRequestSchema,
  answers: { 201: { description: "The link.", schema: signInLinkSchema } },
  errors: ["not_permitted"],
  async act(call) {
    const signIns = signInsOf(call);
    const { portal, repository, clock, issuer, provider } = call.services;
    const { account, issuer: own } = callerOf(call);
    const { page } = call.body;
    const expires_at = new Date(clock.now() + SIGN_IN_CODE_LIFETIME).toISOString();
    // An account here may be called like anybody elsewhere, and is somebody else's: only its own people get a code for it.
    if (own !== issuer?.issuer) {
      if (provider?.issuer === own) return { status: 201, body: { link: `${portal.origin}${page ?? "/"}`, expires_at } };
      throw new Refusal("not_permitted", "You come by a token of an identity provider, and nobody signs in to the portal there.");
    }
    await repository.audit(doneBy(call, "create_sign_in_link", account));
    const link = signInLink(portal.origin, await signIns.issueCode(account));
    return { status: 201, body: { link: page === undefined ? link : `${link}&page=${encodeURIComponent(page)}`, expires_at } };
  },
});

/** The code stands in the fragment, which browsers send nowhere and nobody logs. */
export function signInLink(origin: string, code: string): string {
  return `${origin}/sign-in#code=${code}`;
}

function sessionsOf(call: Call): Sessions {
  const { sessions } = call.services;
  if (sessions === undefined) throw new Refusal("not_permitted", "People sign in at the identity provider of this installation, not here.");
  return sessions;
}
