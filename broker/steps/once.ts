import { createHash } from "node:crypto";
import { Refusal } from "@guise/contract";
import { canonicalJson } from "#persona";
import { type Call, callerOf, type IdempotencyScope } from "../call.ts";
import type { Answer, HttpRoute } from "../route.ts";

const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/;

/** Does the act once per Idempotency-Key: a repeated request gets the first one's answer, another request under the same key a 409. */
export async function once(call: Call, route: HttpRoute): Promise<Answer> {
  const scope = scopeOf(call, route);
  if (scope === undefined) return route.act(call);
  const { underWay } = call.services;
  const name = JSON.stringify([scope.principal, scope.route, scope.key]);
  // The first of several equal requests acts; the others find its answer.
  for (let other = underWay.get(name); other !== undefined; other = underWay.get(name)) await other;
  const { promise, resolve } = Promise.withResolvers<void>();
  underWay.set(name, promise);
  try {
    return (await rememberedAnswer(call, route, scope)) ?? (await actAndRemember(call, route, scope));
  } finally {
    underWay.delete(name);
    resolve();
  }
}

function scopeOf(call: Call, route: HttpRoute): IdempotencyScope | undefined {
  if (route.idempotency === undefined) return undefined;
  const key = call.request.headers["idempotency-key"];
  if (key === undefined) {
    if (route.idempotency === "optional") return undefined;
    throw new Refusal("invalid", "This request needs an Idempotency-Key, so that it can be sent again safely.");
  }
  if (typeof key !== "string" || !KEY_PATTERN.test(key)) {
    throw new Refusal("invalid", "An Idempotency-Key has 1 to 200 visible ASCII characters.");
  }
  const bodyHash = createHash("sha256")
    .update(canonicalJson([call.params, call.body ?? null]))
    .digest("hex");
  return { principal: callerOf(call).id, route: route.id, key, bodyHash };
}

async function rememberedAnswer(call: Call, route: HttpRoute, scope: IdempotencyScope): Promise<Answer | undefined> {
  const { repository, clock, limits } = call.services;
  const row = await repository.idempotent(scope.principal, scope.route, scope.key);
  if (row === undefined || clock.now() - row.at >= limits.idempotency) return undefined;
  if (row.bodyHash !== scope.bodyHash) throw new Refusal("idempotency_conflict", "This Idempotency-Key came with another request before.");
  return route.replay === undefined ? { status: row.status, body: row.answer } : route.replay(call, row);
}

async function actAndRemember(call: Call, route: HttpRoute, scope: IdempotencyScope): Promise<Answer> {
  const { repository, clock } = call.services;
  call.idempotency = scope;
  const answer = await route.act(call);
  if (answer !== "sent" && answer.remembered !== true) {
    await repository.rememberAnswer({ ...scope, status: answer.status, answer: answer.body ?? null, at: clock.now() });
  }
  return answer;
}
