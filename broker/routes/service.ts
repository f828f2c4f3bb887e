import { personaJsonSchema, Refusal, WORKSPACE_STATES } from "@guise/contract";
import type { Call } from "../call.ts";
import { openApiDocument } from "../openapi.ts";
import { referencePage } from "../reference-page.ts";
import { type HttpRoute, httpRoute, type Route } from "../route.ts";

const TEXT = "text/plain; charset=utf-8";

const livez = httpRoute({
  id: "livez",
  method: "GET",
  url: "/livez",
  tag: "service",
  unmetered: true,
  summary: "Whether the process answers",
  answers: { 200: { description: "It does.", mediaTypes: [TEXT] } },
  act: async (call) => sendText(call, TEXT, "ok\n"),
});

const readyz = httpRoute({
  id: "readyz",
  method: "GET",
  url: "/readyz",
  tag: "service",
  unmetered: true,
  summary: "Whether requests are taken",
  answers: { 200: { description: "They are.", mediaTypes: [TEXT] } },
  errors: ["unavailable"],
  async act(call) {
    if (!call.services.ready()) throw new Refusal("unavailable", "Guise is starting or stopping.");
    return sendText(call, TEXT, "ok\n");
  },
});

/** What may be using something. */
const STARTED = WORKSPACE_STATES.filter((state) => state !== "queued" && state !== "released");

const metrics = httpRoute({
  id: "metrics",
  method: "GET",
  url: "/metrics",
  tag: "service",
  summary: "Figures for Prometheus; for operators, and on this machine for everybody",
  target: "caller",
  answers: { 200: { description: "Prometheus text.", mediaTypes: ["text/plain"] } },
  async act(call) {
    const { metrics: figures, repository, engineStatus, clock } = call.services;
    const [{ engine, nodes }, counts, present, queue] = await Promise.all([
      engineStatus(),
      repository.countByState(),
      repository.stays({ states: STARTED }),
      repository.queueLengths(),
    ]);
    const text = await figures.text({
      ...{ nodes, queue, now: clock.now() },
      reachable: engine.reachable,
      workspaces: Object.fromEntries(counts),
      present: new Set(present.map(({ id }) => id)),
    });
    return sendText(call, figures.contentType, text);
  },
});

const personaSchema = httpRoute({
  id: "persona_schema",
  method: "GET",
  url: "/schemas/persona.json",
  tag: "service",
  summary: "The JSON Schema of persona definitions, for editors",
  answers: { 200: { description: "The schema.", mediaTypes: ["application/schema+json"] } },
  act: async (call) => sendText(call, "application/schema+json", JSON.stringify(personaJsonSchema())),
});

const jwks = httpRoute({
  id: "jwks",
  method: "GET",
  url: "/.well-known/jwks.json",
  tag: "service",
  unmetered: true,
  summary: "Public keys of the local issuer",
  answers: { 200: { description: "The keys.", mediaTypes: ["application/jwk-set+json"] } },
  act: async (call) => sendText(call, "application/jwk-set+json", JSON.stringify(call.services.issuer?.jwks() ?? { keys: [] })),
});

/** The routes beside /v1. The document and the page are made of all routes, once. */
export function serviceRoutes(others: readonly Route[], version: string): readonly Route[] {
  const openapi = httpRoute({
    id: "openapi",
    method: "GET",
    url: "/openapi.json",
    tag: "service",
    summary: "This API as OpenAPI 3.1",
    answers: { 200: { description: "The document.", mediaTypes: ["application/json"] } },
    act: async (call) => sendText(call, "application/json", documentText),
  });
  const docs = httpRoute({
    id: "docs",
    method: "GET",
    url: "/docs",
    tag: "service",
    summary: "This API as a page to read",
    answers: { 200: { description: "The page.", mediaTypes: ["text/html; charset=utf-8"] } },
    async act(call) {
      call.reply.header("content-security-policy", page.contentSecurityPolicy);
      return sendText(call, "text/html; charset=utf-8", page.html);
    },
  });
  const own: readonly HttpRoute[] = [livez, readyz, metrics, openapi, docs, personaSchema, jwks];
  const document = openApiDocument([...others, ...own], version);
  const documentText = JSON.stringify(document);
  const page = referencePage(document);
  return own;
}

function sendText(call: Call, type: string, text: string): { status: number; body: string } {
  call.reply.header("content-type", type);
  return { status: 200, body: text };
}
