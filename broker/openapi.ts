import * as contract from "@guise/contract";
import { ERRORS, type ErrorCode } from "@guise/contract";
import { z } from "zod";
import { PERMISSIONS, type Permission } from "#access";
import { nothing, type Route } from "./route.ts";

export type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1, from the same routes and schemas that serve. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: Json;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json };
  readonly security: readonly Json[];
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Json };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Json }>>;
  readonly security?: readonly Json[];
  readonly "x-roles": readonly string[];
  readonly "x-errors": readonly ErrorCode[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}

const TAGS: Readonly<Record<Route["tag"], string>> = {
  personas: "Ready-made application environments, and their versions.",
  workspaces: "Personas that are provisioned for somebody.",
  applications: "What runs in a workspace, and the ways into it.",
  files: "Files of a workspace, streamed.",
  identity: "Signing in.",
  administration: "Accounts, groups, grants, status and audit.",
  service: "The service itself.",
};

export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const schemas = new SchemaNames();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.url.replace(/:([a-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Guise",
      version,
      description: "Application personas: requested, used and given back.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...schemas.all(), Problem: PROBLEM },
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
    security: [{ bearer: [] }],
  };
}

function operationOf(route: Route, schemas: SchemaNames): Operation {
  const permission: Permission = PERMISSIONS[route.id];
  const open = permission.roles === "open";
  const parameters = parametersOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: bodyContent(route, schemas) } }),
    responses: { ...answersOf(route, schemas), ...problemResponses(codesOf(route)) },
    ...(open ? { security: [] } : {}),
    "x-roles": permission.roles === "open" ? [] : permission.roles,
    "x-errors": codesOf(route),
  };
}

/** The codes that a route may give: its own, and those of the steps that it passes. */
export function codesOf(route: Route): readonly ErrorCode[] {
  const open = PERMISSIONS[route.id].roles === "open";
  const codes = new Set<ErrorCode>([
    "misdirected",
    "too_many_requests",
    "invalid",
    ...(route.errors ?? []),
    ...(route.way === undefined ? [] : ["closed_by_persona" as const]),
  ]);
  if (!open || route.unmetered !== true) codes.add("not_permitted");
  if (!open || route.id === "token" || route.target === "caller") codes.add("not_authenticated").add("not_permitted");
  if (route.params !== undefined || route.target === "later") codes.add("not_found");
  if (route.body !== undefined && route.streamedBody === undefined) codes.add("payload_too_large");
  if (route.method !== "GET") codes.add("unsupported_media_type");
  if (route.idempotency !== undefined) codes.add("idempotency_conflict");
  codes.add("internal").add("unavailable");
  return contract.ERROR_CODES.filter((code) => codes.has(code));
}

function parametersOf(route: Route): readonly Parameter[] {
  const headers = Object.entries(route.headers ?? {}).map(
    ([name, { description, required }]): Parameter => ({ name, in: "header", required, description, schema: { type: "string" } }),
  );
  return [...fieldsOf(route.params ?? nothing, "path"), ...fieldsOf(route.query ?? nothing, "query"), ...headers];
}

function fieldsOf(schema: z.ZodType, place: "path" | "query"): readonly Parameter[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === "boolean" ? {} : property;
    const named = description === undefined ? {} : { description };
    return { name, in: place, required: place === "path" || required.includes(name), ...named, schema: rest };
  });
}

function bodyContent(route: Route, schemas: SchemaNames): Json {
  if (route.streamedBody !== undefined) return Object.fromEntries(route.streamedBody.map((type) => [type, {}]));
  return { "application/json": { schema: schemas.reference(route.body ?? nothing, `${route.id}_request`, "input") } };
}

function answersOf(route: Route, schemas: SchemaNames): Operation["responses"] {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, schema, mediaTypes }]) => {
      const types = mediaTypes ?? (schema === undefined ? [] : ["application/json"]);
      const content = types.map((type) => {
        const typed = schema !== undefined && type === "application/json";
        return [type, typed ? { schema: schemas.reference(schema, `${route.id}_${status}`, "output") } : {}];
      });
      return [status, content.length === 0 ? { description } : { description, content: Object.fromEntries(content) }];
    }),
  );
}

function problemResponses(codes: readonly ErrorCode[]): Operation["responses"] {
  const responses: Record<string, { description: string; content: Json }> = {};
  for (const status of new Set(codes.map((code) => ERRORS[code].status))) {
    const here = codes.filter((code) => ERRORS[code].status === status);
    const schema = { allOf: [{ $ref: "#/components/schemas/Problem" }], properties: { code: { enum: here } } };
    responses[status] = {
      description: here.map((code) => `${code}: ${ERRORS[code].meaning}`).join(" "),
      content: { "application/problem+json": { schema } },
    };
  }
  return responses;
}

const PROBLEM: Json = {
  type: "object",
  description: "RFC 9457 problem details. Further members are facts of the code.",
  required: ["type", "title", "status", "detail", "code", "fault", "retry", "remedy"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: contract.ERROR_CODES },
    fault: { type: "string", enum: ["caller", "guise"] },
    retry: { type: "string", enum: ["no", "later", "now"] },
    remedy: { type: "string" },
    request_id: { type: "string" },
    problems: { type: "array", items: { type: "object" } },
  },
};

/** Gives each schema one name among the components: the contract's own where it has one, else the route's. */
class SchemaNames {
  readonly #registries = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() };

  constructor() {
    for (const [name, schema] of Object.entries(contract)) {
      if (!name.endsWith("Schema") || !(schema instanceof z.ZodType)) continue;
      const id = name.charAt(0).toUpperCase() + name.slice(1, -"Schema".length);
      this.#registries[/Request$|^Persona$|^ExecStart$|^ClientControl$/.test(id) ? "input" : "output"].add(schema, { id });
    }
  }

  reference(schema: z.ZodType, name: string, io: "input" | "output"): Json {
    const registry = this.#registries[io];
    if (registry.get(schema) === undefined) registry.add(schema, { id: name });
    return { $ref: `#/components/schemas/${registry.get(schema)?.id ?? name}` };
  }

  all(): Record<string, Json> {
    const uri = (id: string) => `#/components/schemas/${id}`;
    const written = (["input", "output"] as const).map((io) => z.toJSONSchema(this.#registries[io], { io, uri }).schemas);
    return Object.fromEntries(
      written.flatMap((schemas) => Object.entries(schemas).map(([id, { $id: _, $schema: __, ...schema }]) => [id, schema])),
    );
  }
}
