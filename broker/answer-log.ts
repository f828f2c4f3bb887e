import { ERRORS, type Refusal } from "@guise/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Log, messageOf } from "#foundation";

export type RefusalCause = "caller" | "caller_left" | "expected" | "fault";

/** Whose doing it is that a request was not served. Pure. */
export function causeOf({ code }: Pick<Refusal, "code">, callerLeft: boolean): RefusalCause {
  if (callerLeft) return "caller_left";
  if (ERRORS[code].fault === "caller") return "caller";
  return code === "internal" ? "fault" : "expected";
}

/**
 * Tells it as loud as its cause is: a fault of ours with its stack; what may happen (the engine is away, an application does not start)
 * with its reason; and of callers who break off, as they do all day long, and of what they did wrong, nothing unless it is asked for.
 */
export function logRefusal(log: Log, error: unknown, refusal: Refusal, request: FastifyRequest, reply: FastifyReply): void {
  const facts = { request: request.id, route: request.routeOptions.config.routeId, error: refusal.code };
  const cause = causeOf(refusal, hasLeft(request, reply));
  if (cause === "fault") log.error({ ...facts, err: error }, refusal.message);
  // Of a token the part was told where it was refused, within what strangers may cause.
  else if (cause === "expected" && refusal.facts.part === undefined) log.warn({ ...facts, ...reasonOf(refusal) }, refusal.message);
  else log.debug({ ...facts, reason: refusal.message }, cause === "caller" ? "a request was refused" : "a caller left before the answer");
}

function reasonOf({ cause, message }: Refusal): { reason?: string } {
  const reason = cause === undefined ? message : messageOf(cause);
  return reason === message ? {} : { reason };
}

/** The connection has ended under the request, or in the middle of its body. */
function hasLeft({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  return reply.raw.destroyed || raw.socket?.destroyed === true || (raw.destroyed && !raw.complete);
}
