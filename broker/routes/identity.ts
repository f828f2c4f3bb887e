import { meSchema, Refusal, tokenRequestSchema, tokenResponseSchema } from "@guise/contract";
import { principalId, priorityGrantOf, type SignIns } from "#access";
import { type Call, callerOf } from "../call.ts";
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
  summary: "A sign-in code, or a sign-in, for a short access token",
  description: "A code is good once and for ten minutes; it gives a sign-in too, which renews access tokens for 30 days.",
  body: tokenRequestSchema,
  answers: { 200: { description: "The token.", schema: tokenResponseSchema } },
  async act(call) {
    const signIns = signInsOf(call);
    if (call.body.grant_type === "sign_in") return { status: 200, body: (await signIns.renew(call.body.sign_in)).response };
    const { account, response } = await signIns.redeemCode(call.body.code);
    const { repository, clock, issuer } = call.services;
    const actor = principalId(issuer?.issuer ?? "", account);
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
    const priority_grant = priorityGrantOf(groups, await call.services.repository.groups());
    return { status: 200, body: { principal: id, account, roles, groups, priority_grant } };
  },
});
