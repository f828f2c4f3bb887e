import { meSchema, Refusal, tokenRequestSchema, tokenResponseSchema } from "@guise/contract";
import { principalId, priorityGrantOf, type SignIns } from "#access";
import { type Call, callerOf } from "../call.ts";
import { tooManyRequests } from "../failed-sign-ins.ts";
import { httpRoute } from "../route.ts";

/** Sign-ins of the local issuer; an external issuer has its own. */
export function signInsOf(call: Call): SignIns {
  const { signIns } = call.services;
  if (signIns === undefined) throw new Refusal("not_permitted", "People sign in at the identity provider of this installation, not here.");
  return signIns;
}

export const token = httpRoute({
  id: "token",
  method: "POST",
  url: "/v1/token",
  tag: "identity",
  unmetered: true,
  summary: "A sign-in code, or a sign-in, for a short access token",
  description: "A code is good once and for ten minutes; it gives a sign-in too, which renews access tokens for 30 days.",
  body: tokenRequestSchema,
  answers: { 200: { description: "The token.", schema: tokenResponseSchema } },
  async act(call) {
    const signIns = signInsOf(call);
    const { body, services } = call;
    const isCode = body.grant_type === "sign_in_code";
    const granted = isCode ? signIns.redeemCode(body.code) : signIns.renew(body.sign_in);
    const { account, response } = await granted.catch((error: unknown) => {
      throw services.failures.told(error, call.request);
    });
    const { repository, clock, issuer, personRate } = services;
    const actor = principalId(issuer?.issuer ?? "", account);
    // A code is good once; a sign-in gives tokens without end, so they are that person's requests.
    services.connections.signedIn(call.request.raw.socket, actor);
    const wait = isCode ? 0 : personRate.take(actor);
    if (wait > 0) throw tooManyRequests(wait);
    if (!isCode) return { status: 200, body: response };
    await repository.audit({ at: clock.now(), actor, action: "sign_in", target: account, outcome: "done" });
    return { status: 200, body: response };
  },
});

export const me = httpRoute({
  id: "me",
  method: "GET",
  url: "/v1/me",
  tag: "identity",
  summary: "Who you are here, and what you may",
  answers: { 200: { description: "You.", schema: meSchema } },
  async act(call) {
    const { id, account, roles, groups } = callerOf(call);
    const { repository, applications, leastPeople } = call.services;
    const priority_grant = priorityGrantOf(groups, await repository.groups());
    const origin = applications === undefined ? {} : { applications_origin: applications.places.pattern };
    return {
      status: 200,
      body: { principal: id, account, roles, groups, priority_grant, ...origin, ...(leastPeople === 1 ? { usage_per_person: true } : {}) },
    };
  },
});
