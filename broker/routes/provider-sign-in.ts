import { Refusal, type SignInFailure, signInWaysSchema } from "@guise/contract";
import { z } from "zod";
import { ProviderError, type ProviderFault, SIGN_IN_PATIENCE } from "#access";
import type { Call } from "../call.ts";
import { absent } from "../call.ts";
import type { SignInProvider } from "../deps.ts";
import { type Answer, httpRoute } from "../route.ts";
import { setSession } from "../session-cookie.ts";

const BEGIN = "/v1/sign-in/provider";
/** Where providers are told to send browsers back to. */
export const PROVIDER_RETURN = `${BEGIN}/return`;
const COOKIE = "__Host-guise-sign-in";
/** Sent along when the browser comes back from another site, which strict ones are not. */
const CARRIED = { path: "/", secure: true, httpOnly: true, sameSite: "lax" } as const;
/** A page of the portal: nothing that a browser reads as another host. */
const page = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w/.~?&=%-]*$/)
  .describe("The page of the portal to go to then.");

export const signInWays = httpRoute({
  id: "sign_in_ways",
  method: "GET",
  url: "/v1/sign-in",
  tag: "identity",
  unmetered: true,
  summary: "How people sign in here",
  description: "Sign-in codes and links of local accounts are taken always.",
  answers: { 200: { description: "The ways.", schema: signInWaysSchema } },
  async act({ services: { provider } }) {
    return { status: 200, body: provider === undefined ? {} : { provider: { name: provider.name, path: BEGIN } } };
  },
});

export const beginProviderSignIn = httpRoute({
  id: "begin_provider_sign_in",
  method: "GET",
  url: BEGIN,
  tag: "identity",
  unmetered: true,
  summary: "Send a browser to the identity provider",
  query: z.strictObject({ page: page.optional() }),
  answers: { 302: { description: "To the provider; or to the sign-in page, with why not." } },
  errors: ["not_found"],
  async act(call) {
    const { signIn } = providerOf(call);
    try {
      const { address, carried } = await signIn.begin(call.query.page ?? "/");
      call.reply.setCookie(COOKIE, carried, { ...CARRIED, maxAge: SIGN_IN_PATIENCE / 1000 });
      return to(call, address);
    } catch (error) {
      return failed(call, error);
    }
  },
});

export const finishProviderSignIn = httpRoute({
  id: "finish_provider_sign_in",
  method: "GET",
  url: PROVIDER_RETURN,
  tag: "identity",
  unmetered: true,
  summary: "Take a browser back from the identity provider",
  description: "By authorization code with PKCE. The answer sets a cookie, which no program can read and no other page can use.",
  query: z.looseObject({}),
  answers: { 302: { description: "To the page where it was begun; or to the sign-in page, with why nobody was signed in." } },
  errors: ["not_found", "too_many_requests"],
  async act(call) {
    const { people, signIn, issuer } = providerOf(call);
    const { repository, clock, portal } = call.services;
    call.reply.clearCookie(COOKIE, CARRIED);
    try {
      const asked = call.request.raw.url ?? "";
      const { told, page } = await signIn.finish(asked.slice(asked.indexOf("?")), call.request.cookies[COOKIE]);
      const { principal, secret, expiresAt } = await people.signedIn(told);
      const facts = { browser: true, provider: issuer };
      await repository.audit({
        ...{ at: clock.now(), actor: principal.id, action: "sign_in", target: principal.account, outcome: "done" },
        facts,
      });
      setSession(call, secret, expiresAt);
      return to(call, `${portal.origin}${page}`);
    } catch (error) {
      return failed(call, error);
    }
  },
});

function providerOf(call: Call): SignInProvider {
  const { provider } = call.services;
  if (provider === undefined) throw absent();
  return provider;
}

function to(call: Call, location: string): Answer {
  call.reply.header("location", location).header("cache-control", "no-store").header("referrer-policy", "no-referrer");
  return { status: 302 };
}

const FAILURES: Readonly<Record<ProviderFault, SignInFailure>> = {
  sign_in_cancelled: "cancelled",
  sign_in_unfit: "unfit",
  sign_in_ended: "unfit",
  provider_unavailable: "unavailable",
};

/** A person sees a page with a reason, an operator the log. What strangers fail at is charged as any sign-in that fails. */
function failed(call: Call, error: unknown): Answer {
  const { failures, portal } = call.services;
  const isProviders = error instanceof ProviderError;
  if (!isProviders && !(error instanceof Refusal)) throw error;
  const part = isProviders ? error.code : (error.facts.part ?? error.code);
  const told = failures.told(new Refusal("not_authenticated", error.message, { facts: { part }, cause: error }), call.request);
  if (told instanceof Refusal && told.code === "too_many_requests") throw told;
  return to(call, `${portal.origin}/sign-in?failed=${isProviders ? FAILURES[error.code] : "not_permitted"}`);
}
