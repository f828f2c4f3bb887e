import { checksIn, type PersonaDefinition, Refusal } from "@guise/contract";
import { lowerPriority, priorityGrantOf } from "#access";
import { encodeConcrete } from "#persona";
import type { CheckPlan } from "#repository";
import { type Call, callerOf } from "./call.ts";

/**
 * What its checks are run in: what its author would get now who requests it and says nothing, with a home of its own that is not kept,
 * and for as long as they take. Undefined where it has none. Refuses what does not resolve so.
 */
export async function checkPlanOf(call: Call, definition: PersonaDefinition, ownerGroup: string): Promise<CheckPlan | undefined> {
  const { language, repository } = call.services;
  const environment = language.defaultEnvironment(definition);
  const checks = checksIn(definition, environment);
  if (checks.length === 0) return undefined;
  const { account, name, email, groups } = callerOf(call);
  const request = { environment, parameters: {}, person: { account, name, email }, browser: { locale: undefined, timeZone: undefined } };
  const resolved = language.resolve(definition, request);
  if ("problems" in resolved)
    throw new Refusal("invalid_persona", "No workspace could be made to run its checks in; nothing was stored.", {
      problems: resolved.problems,
    });
  const { concrete } = resolved;
  const priority = lowerPriority(concrete.priority, priorityGrantOf(groups, await repository.groups()));
  const alone = encodeConcrete({ ...concrete, keepHome: false, idleAfter: undefined, maximumLifetime: undefined });
  return { environment, group: ownerGroup, priority, demand: concrete.demand, concrete: alone, checks };
}
