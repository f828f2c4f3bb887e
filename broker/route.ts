import type { ErrorCode, TransferWay } from "@guise/contract";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { PermissionId } from "#access";
import type { Call } from "./call.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a route acts on: the authorize step loads it by the path, before any body is read. `later`: the route asks for permission itself. */
export type Target = "nothing" | "workspace" | "persona" | "draft" | "caller" | "later";

/** One row of the API. The OpenAPI document, the permission test and the pipeline read the same fields. */
export interface RouteBase<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  /** Names the row of the permission table and the operation in OpenAPI. */
  readonly id: PermissionId;
  readonly method: Method;
  /** Fastify form: `/v1/workspaces/:workspace`. */
  readonly url: string;
  readonly tag: "personas" | "workspaces" | "applications" | "files" | "identity" | "administration" | "service";
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Headers beside Authorization, by name. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  /** By status: a schema for JSON, else the media type. */
  readonly answers: Readonly<Record<number, AnswerForm>>;
  /** Codes that this route gives beside those of its steps. */
  readonly errors?: readonly ErrorCode[];
  readonly target?: Target;
  /** An Idempotency-Key must, or may, come with it. */
  readonly idempotency?: "required" | "optional";
  /** The same for everybody, or the way to sign in: no budget that strangers can spend refuses it. Refusing would cost as much. */
  readonly unmetered?: true;
  /** The body is a persona document: the larger limit. */
  readonly document?: true;
  /** The body is streamed to the route, of these media types, without a limit of ours. */
  readonly streamedBody?: readonly string[];
  /** The way in or out that it is: closed where the workspace's persona keeps that closed. */
  readonly way?: TransferWay;
  /** It holds a stream slot while its answer or socket is open. */
  readonly stream?: true;
}

export interface AnswerForm {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaTypes?: readonly string[];
}

export interface HttpRoute<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType>
  extends RouteBase<P, Q, B> {
  readonly kind: "http";
  act(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
  /** The answer to a repeated request, made from what was remembered; without it, what was remembered itself. */
  replay?(call: Call<z.output<P>, z.output<Q>, z.output<B>>, remembered: { status: number; answer: unknown }): Promise<Answer>;
}

export interface UpgradeRoute<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType> extends RouteBase<P, Q, z.ZodType> {
  readonly kind: "upgrade";
  /** Before the upgrade: refuses by rejecting. */
  prepare(call: Call<z.output<P>, z.output<Q>, unknown>): Promise<(socket: WebSocket) => void>;
}

export type Route = HttpRoute | UpgradeRoute;

/** Media types of the body that it takes. */
export function bodyTypesOf(route: Route): readonly string[] {
  if (route.streamedBody !== undefined) return route.streamedBody;
  return route.body === undefined ? [] : ["application/json"];
}

/** What may be read may be asked for without its body (RFC 9110, 9.1); streams have none that ends. */
export function answersHead(route: Route): boolean {
  return route.kind === "http" && route.method === "GET" && route.stream !== true;
}

/** What a route answers; `sent`: it writes the answer itself. */
export type Answer =
  | {
      readonly status: number;
      readonly body?: unknown;
      /** The act stored its idempotency record in its own transaction. */
      readonly remembered?: true;
    }
  | "sent";

export const nothing = z.strictObject({});

export function httpRoute<P extends z.ZodType = typeof nothing, Q extends z.ZodType = typeof nothing, B extends z.ZodType = typeof nothing>(
  route: Omit<HttpRoute<P, Q, B>, "kind">,
): HttpRoute {
  return { kind: "http", ...route };
}

export function upgradeRoute<P extends z.ZodType = typeof nothing, Q extends z.ZodType = typeof nothing>(
  route: Omit<UpgradeRoute<P, Q>, "kind">,
): UpgradeRoute {
  return { kind: "upgrade", ...route };
}
