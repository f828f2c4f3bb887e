import { launchRequestSchema, launchViewSchema } from "@guise/contract";
import { z } from "zod";
import { callerOf, doneBy, readyWorkspaceOf, workspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { idempotencyHeader, launchParams, workspaceParams } from "../schemas.ts";

const launchList = z.object({ items: z.array(launchViewSchema) });

export const launchApplication = httpRoute({
  id: "launch_application",
  method: "POST",
  url: "/v1/workspaces/:workspace/launches",
  tag: "applications",
  summary: "Launch an application of a ready workspace",
  target: "workspace",
  params: workspaceParams,
  body: launchRequestSchema,
  idempotency: "optional",
  headers: idempotencyHeader(false),
  answers: { 201: { description: "The launch.", schema: launchViewSchema } },
  errors: ["workspace_not_ready", "application_not_found", "launch_failed", "invalid_arguments", "engine_unreachable"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    const launch = await call.services.launcher.launch(workspace, call.body);
    return { status: 201, body: launch };
  },
});

export const listLaunches = httpRoute({
  id: "list_launches",
  method: "GET",
  url: "/v1/workspaces/:workspace/launches",
  tag: "applications",
  summary: "What was launched in a workspace, and how it stands",
  target: "workspace",
  params: workspaceParams,
  answers: { 200: { description: "The launches, the oldest first.", schema: launchList } },
  async act(call) {
    return { status: 200, body: { items: await call.services.launcher.list(workspaceOf(call)) } };
  },
});

export const stopLaunch = httpRoute({
  id: "stop_launch",
  method: "DELETE",
  url: "/v1/workspaces/:workspace/launches/:launch",
  tag: "applications",
  summary: "End an application",
  target: "workspace",
  params: launchParams,
  answers: { 204: { description: "It has ended." } },
  errors: ["workspace_not_ready", "engine_unreachable"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.launcher.stop(workspace, call.params.launch);
    const { repository } = call.services;
    await repository.audit(doneBy(call, "stop_launch", workspace.id, { launch: call.params.launch, by: callerOf(call).account }));
    return { status: 204 };
  },
});
