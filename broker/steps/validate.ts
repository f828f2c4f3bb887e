import { Refusal } from "@guise/contract";
import type { Call } from "../call.ts";
import { illFormedIn } from "../ill-formed.ts";
import { nothing, type Route } from "../route.ts";
import { problemsOf } from "../zod-problems.ts";

/** Query and body by the contract's schemas; unknown fields are named, not ignored. */
export async function validate(call: Call, route: Route): Promise<void> {
  const query = (route.query ?? nothing).safeParse(call.request.query);
  if (!query.success)
    throw new Refusal("invalid", "The query is not well formed.", { problems: problemsOf(query.error, call.request.query) });
  call.query = query.data;
  if (route.streamedBody !== undefined || route.body === undefined) return;
  const illFormed = illFormedIn(call.request.body);
  if (illFormed !== undefined) throw new Refusal("invalid", "The body is not well formed.", { problems: [illFormed] });
  const body = route.body.safeParse(call.request.body ?? {});
  if (!body.success) throw new Refusal("invalid", "The body is not well formed.", { problems: problemsOf(body.error, call.request.body) });
  call.body = body.data;
}
