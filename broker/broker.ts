import { setMaxListeners } from "node:events";
import type { AddressInfo } from "node:net";
import cookie from "@fastify/cookie";
import files from "@fastify/static";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { applicationServer } from "./applications/index.ts";
import type { BrokerDeps } from "./deps.ts";
import { switchByHost } from "./host-switch.ts";
import type { OpenConnections } from "./open-connections.ts";
import { mountRoute, sendProblem } from "./pipeline.ts";
import { answerRaw } from "./raw-answers.ts";
import { answerOneByOne } from "./request-line.ts";
import { pathOf, requireOneHost } from "./request-target.ts";
import type { Route } from "./route.ts";
import { allRoutes } from "./routes/index.ts";
import { createServices, type Services } from "./services.ts";
import { checkHost } from "./steps/check-host.ts";
import { readInTurns } from "./turn-socket.ts";
import { createUnrouted } from "./unrouted.ts";

export interface Broker {
  /** Resolves with the URL that it listens on. */
  listen(options: { host: string; port: number }): Promise<string>;
  /** Undefined before it listens. */
  readonly address: AddressInfo | undefined;
  /** Ends open streams, lets requests that are under way end, and resolves when nothing listens. */
  close(): Promise<void>;
  readonly connections: Pick<OpenConnections, "counts">;
  /** For tests: the app itself. */
  readonly app: FastifyInstance;
}

/** Bytes of one WebSocket message: the largest command line with room for its framing. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;
/** Bytes of a request line with its headers; Node's own default, of which the words of the error speak. */
const LONGEST_HEAD = 16_384;
/** A caller that sends its headers slower than this is cut off, ms; bodies have a bound of their own, and a stranger's connection as a whole. */
const HEADERS_TIMEOUT = 20_000;
/** Between two looks at who is too slow, ms. */
const TIMEOUT_CHECKS = 5_000;
/** Longer than proxies keep an unused connection, so that none sends a request while it is being closed; ms. */
const KEEP_ALIVE = 72_000;
const SOCKETS = {
  maxPayload: LARGEST_MESSAGE,
  perMessageDeflate: false,
  // One message of a socket in each turn of the loop: whoever sends single bytes as fast as possible held the thread for seconds.
  allowSynchronousEvents: false,
};
/** Requests that are under way when Guise stops have this long to end, ms. */
const CLOSE_WITHIN = 3_000;

/** The HTTP API: records intent, advises, reports and streams; it never provisions inside a request. */
export async function createBroker(deps: BrokerDeps): Promise<Broker> {
  const closing = new AbortController();
  // Each open stream listens.
  setMaxListeners(0, closing.signal);
  const services = createServices(deps, closing.signal);
  const app = fastify({
    logger: false,
    trustProxy: false,
    genReqId: () => deps.ids.next("r", 16),
    bodyLimit: services.limits.body,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    // An id of any length that a request can carry is looked for, and is not there.
    routerOptions: { maxParamLength: LONGEST_HEAD },
    rewriteUrl: pathOf,
    // Added below, for all that Node itself would answer.
    clientErrorHandler: () => {},
    keepAliveTimeout: KEEP_ALIVE,
    // Uploads take as long as they take.
    http: {
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: 0,
      connectionsCheckingInterval: TIMEOUT_CHECKS,
      maxHeaderSize: LONGEST_HEAD,
      requireHostHeader: false,
    },
    // Addresses that no route can be looked for by: before all hooks.
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...COMMON_HEADERS, "x-request-id": request.id });
      sendProblem(error, request, reply, services);
    },
  });
  const applications = services.applications === undefined ? undefined : applicationServer(services, services.applications);
  if (applications !== undefined) switchByHost(app.server, "request", applications);
  answerOneByOne(app.server);
  readInTurns(app.server, (socket) => services.connections.arrived(socket));
  services.connections.watch(app.server);
  answerRaw(app.server, { headers: COMMON_HEADERS, nextId: () => deps.ids.next("r", 16) });
  app.decorateRequest("call", undefined);
  // First, because its hooks close the sockets of upgrades that later hooks refuse.
  await app.register(websocket, { options: SOCKETS });
  await app.register(cookie);
  // The only bodies that are read whole are JSON.
  app.removeContentTypeParser("text/plain");
  // Only what the portal's route sends; the folder may not be there.
  await app.register(files, { root: "/", serve: false, preCompressed: true, cacheControl: false, etag: true, lastModified: false });
  const routes = allRoutes(deps.version);
  addCommonHooks(app, services);
  refuseUnrouted(app, routes, services);
  for (const route of routes) mountRoute(app, route, services);
  await app.ready();
  if (applications !== undefined) switchByHost(app.server, "upgrade", applications);
  return {
    app,
    connections: services.connections,
    listen: (options) => app.listen(options),
    get address() {
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address : undefined;
    },
    async close() {
      closing.abort();
      // A connection that never said anything is neither idle nor under way, and would be waited for without end.
      const cut = deps.clock.after(CLOSE_WITHIN, () => app.server.closeAllConnections(), { unref: true });
      await app.close();
      cut.cancel();
    },
  };
}

function addCommonHooks(app: FastifyInstance, services: Services): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ ...COMMON_HEADERS, "x-request-id": request.id });
    requireOneHost(request.raw);
    checkHost(request, services.hosts);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { routeId, stream } = request.routeOptions.config;
    services.metrics.answered(routeId ?? "none", reply.statusCode, stream === true ? undefined : reply.elapsedTime);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, services));
}

function refuseUnrouted(app: FastifyInstance, routes: readonly Route[], services: Services): void {
  const refusalOf = createUnrouted(routes);
  const handler = (request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(refusalOf(request.method, request.url), request, reply, services);
  app.setNotFoundHandler(handler);
}

const COMMON_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
