import { ERRORS, Refusal } from "@guise/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from "fastify";
import { logRefusal } from "./answer-log.ts";
import { absent, type Call } from "./call.ts";
import { problemOf, refusalOf } from "./problems.ts";
import { answersHead, bodyTypesOf, type HttpRoute, type Route } from "./route.ts";
import type { Services } from "./services.ts";
import { authenticate } from "./steps/authenticate.ts";
import { authorize } from "./steps/authorize.ts";
import { boundBodyTime } from "./steps/bound-body-time.ts";
import { checkReady } from "./steps/check-ready.ts";
import { holdSlot } from "./steps/hold-slot.ts";
import { judgePage } from "./steps/judge-page.ts";
import { limitRate } from "./steps/limit-rate.ts";
import { once } from "./steps/once.ts";
import { validate } from "./steps/validate.ts";

declare module "fastify" {
  interface FastifyRequest {
    call: Call | undefined;
  }
  interface FastifyContextConfig {
    routeId?: string;
    stream?: boolean;
    /** Media types of the body; none where it takes no body. */
    bodyTypes?: readonly string[];
  }
}

type Step = (call: Call, route: Route) => Promise<void>;

/** The way of every request. The host is checked before; what is refused here costs no reading of its body. */
const BEFORE_BODY: readonly Step[] = [checkReady, judgePage, authenticate, limitRate, authorize, boundBodyTime];
const AFTER_BODY: readonly Step[] = [validate, holdSlot];

/** Puts one route of the table into the app, with all the steps before it. */
export function mountRoute(app: FastifyInstance, route: Route, services: Services): void {
  const options: RouteOptions = {
    method: route.method as HTTPMethods,
    url: route.url,
    config: { routeId: route.id, stream: route.stream === true, bodyTypes: bodyTypesOf(route) },
    exposeHeadRoute: answersHead(route),
    bodyLimit: route.document === true ? services.limits.documentBody : services.limits.body,
    onRequest: async (request, reply) => {
      const call = newCall(services, request, reply);
      request.call = call;
      // Left to the plugin, it would be upgraded and closed.
      if (route.kind === "http" && request.ws) throw absent();
      for (const step of BEFORE_BODY) await step(call, route);
    },
    preHandler: async (request, reply) => {
      const call = callOf(services, request, reply);
      if (route.kind === "upgrade" && !request.ws) throw new Refusal("invalid", "This address is for a WebSocket.");
      for (const step of AFTER_BODY) await step(call, route);
      if (route.kind === "upgrade") call.onSocket = await route.prepare(call);
    },
    handler: async (request, reply) => {
      const call = callOf(services, request, reply);
      return route.kind === "upgrade" ? reply : answer(call, route);
    },
    ...(route.kind === "upgrade" ? { wsHandler: (socket, request) => request.call?.onSocket?.(socket) } : {}),
  };
  const target = route.kind === "http" && route.streamedBody !== undefined ? streaming(route.streamedBody) : undefined;
  if (target === undefined) app.route(options);
  else app.register(async (inner) => target(inner).route(options));
}

async function answer(call: Call, route: HttpRoute): Promise<unknown> {
  const done = await once(call, route);
  if (done === "sent") return call.reply;
  call.reply.code(done.status);
  return done.body === undefined ? call.reply.send() : call.reply.send(done.body);
}

/** A part of the app whose bodies of these media types reach the route as a stream. */
function streaming(mediaTypes: readonly string[]) {
  return (inner: FastifyInstance): FastifyInstance => {
    inner.removeAllContentTypeParsers();
    for (const type of mediaTypes) inner.addContentTypeParser(type, (_request, _payload, done) => done(null));
    return inner;
  };
}

function newCall(services: Services, request: FastifyRequest, reply: FastifyReply): Call {
  return {
    services,
    request,
    reply,
    principal: undefined,
    params: {},
    query: {},
    body: undefined,
    workspace: undefined,
    versions: [],
    idempotency: undefined,
    onSocket: undefined,
  };
}

function callOf(services: Services, request: FastifyRequest, reply: FastifyReply): Call {
  return request.call ?? newCall(services, request, reply);
}

/** A refused caller may still be sending: enough is read for the answer to arrive, and no more. */
function dropRestOfBody({ raw }: FastifyRequest, { clock, limits }: Services): void {
  if (raw.complete || raw.destroyed) return;
  const timer = clock.after(limits.bodyTime, () => raw.destroy(), { unref: true });
  const stop = () => timer.cancel();
  raw.once("end", stop);
  raw.once("close", stop);
}

/** The one place where an error becomes an answer. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, services: Services): FastifyReply {
  const refusal = refusalOf(error, request.routeOptions.config.bodyTypes);
  const { status } = ERRORS[refusal.code];
  logRefusal(services.log, error, refusal, request, reply);
  dropRestOfBody(request, services);
  const { retry_after: retryAfter, allow } = refusal.facts;
  if (Array.isArray(allow)) reply.header("allow", allow.join(", "));
  if (typeof retryAfter === "number") reply.header("retry-after", String(retryAfter));
  else if (status === 503) reply.header("retry-after", "2");
  if (status === 401) reply.header("www-authenticate", "Bearer");
  return reply
    .code(status)
    .header("content-type", "application/problem+json")
    .send(JSON.stringify(problemOf(refusal, request.id)));
}
