import { Refusal } from "@guise/contract";
import type { FastifyRequest } from "fastify";
import { mayAtAll, type Resource } from "#access";
import { absent, auditRefusal, type Call, callerOf, permit } from "../call.ts";
import { personaResource } from "../persona-resource.ts";
import type { Route } from "../route.ts";
import { seenBy } from "../seen-versions.ts";
import { requireOpen } from "../ways.ts";
import { workspaceResource } from "../workspace-resource.ts";

/** Asks the permission table before any body is read. What a foreign thing answers is what an absent one answers. */
export async function authorize(call: Call, route: Route): Promise<void> {
  const atAll = mayAtAll(route.id, call.principal);
  if (!atAll.allowed) {
    await auditRefusal(call, route.id, call.request.url.split("?")[0] ?? "", atAll.code);
    throw new Refusal(atAll.code, atAll.why);
  }
  const params = (route.params ?? NO_PARAMS).safeParse(call.request.params);
  if (!params.success) throw absent();
  call.params = params.data;
  if (route.target === "later") return;
  await permit(call, route.id, await loadTarget(call, route), targetName(call.params));
  if (route.way !== undefined && call.workspace !== undefined) requireOpen(call.workspace, route.way);
}

const NO_PARAMS = { safeParse: () => ({ success: true, data: {} }) as const };

async function loadTarget(call: Call, route: Route): Promise<Resource> {
  const { repository } = call.services;
  if (route.target === "workspace") {
    call.workspace = await repository.workspace(pathName(call.params, "workspace"));
    return call.workspace === undefined ? undefined : workspaceResource(call.workspace);
  }
  if (route.target === "persona") {
    call.versions = seenBy(call.principal, await repository.versions(pathName(call.params, "persona")));
    return personaResource(call.versions);
  }
  if (route.target === "draft") {
    call.versions = seenBy(call.principal, await repository.versions(pathName(call.params, "persona")));
    const draft = call.versions.find(({ version }) => String(version) === pathName(call.params, "version"))?.draft;
    return draft === undefined ? undefined : { kind: "draft", author: callerOf(call).id };
  }
  return route.target === "caller" ? { kind: "caller", loopback: isOfThisMachine(call.request) } : undefined;
}

/** By address, and not through a proxy of this machine, which everybody elsewhere comes by. */
function isOfThisMachine({ ip, headers }: FastifyRequest): boolean {
  const isLoopback = ip === "::1" || /^(::ffff:)?127\./.test(ip);
  const isForwarded = PROXY_HEADERS.some((name) => headers[name] !== undefined);
  return isLoopback && !isForwarded && /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/i.test(headers.host ?? "");
}

const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"] as const;

function pathName(params: unknown, name: string): string {
  const value: unknown = typeof params === "object" && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === "string" ? value : "";
}

function targetName(params: unknown): string {
  return pathName(params, "workspace") || pathName(params, "persona") || "-";
}
