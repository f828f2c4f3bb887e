import { devicePendingSchema, meSchema, Refusal, type TokenRequest, tokenRequestSchema, tokenResponseSchema } from "@guise/contract";
import { DEVICE_INTERVAL, type Grant, priorityGrantOf, type SignIns } from "#access";
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
  description:
    "A code is good once and for ten minutes; it gives a sign-in too, which renews access tokens for 30 days. So does a device code, once a person allowed it.",
  body: tokenRequestSchema,
  answers: {
    200: { description: "The token.", schema: tokenResponseSchema },
    202: { description: "Nobody has allowed it yet: again after the interval.", schema: devicePendingSchema },
  },
  errors: ["not_permitted"],
  async act(call) {
    const { body, services } = call;
    const grant = await grantFor(call).catch((error: unknown) => {
      throw services.failures.told(error, call.request);
    });
    if (grant === "pending") return { status: 202, body: { interval: DEVICE_INTERVAL } };
    const { account, principal: actor, response } = grant;
    const { repository, clock, personRate } = services;
    // What is good once is; a sign-in gives tokens without end, so they are that person's requests.
    const isRenewal = body.grant_type === "sign_in";
    services.connections.signedIn(call.request.raw.socket, actor);
    const wait = isRenewal ? personRate.take(actor) : 0;
    if (wait > 0) throw tooManyRequests(wait);
    if (!isRenewal) await repository.audit({ at: clock.now(), actor, action: "sign_in", target: account, outcome: "done" });
    return { status: 200, body: response };
  },
});

async function grantFor(call: Call<unknown, unknown, TokenRequest>): Promise<Grant | "pending"> {
  const { body, services } = call;
  const signIns = signInsOf(call);
  if (body.grant_type === "sign_in_code") return signIns.redeemCode(body.code);
  if (body.grant_type === "sign_in") return signIns.renew(body.sign_in);
  const outcome = services.devices.take(body.device_code);
  if (outcome === undefined) throw new Refusal("not_authenticated", "The device code is wrong, used or too old.");
  if (outcome === "refused") throw new Refusal("not_permitted", "The person did not allow it.");
  return outcome === "pending" ? outcome : signIns.forProgram(outcome.by);
}

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
