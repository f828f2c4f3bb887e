import { portApplication, portViewSchema, ticketRequestSchema, ticketSchema } from "@guise/contract";
import { z } from "zod";
import { codeOf } from "#foundation";
import { decodeConcrete } from "#persona";
import type { WorkspaceRow } from "#repository";
import { readyWorkspaceOf, workspaceOf } from "../call.ts";
import { httpRoute, upgradeRoute } from "../route.ts";
import { portParams, workspaceParams } from "../schemas.ts";
import { waysOf } from "../ways.ts";
import { ticketFor } from "./application-tickets.ts";
import { guarded } from "./upgrades.ts";

/** Its channel has ended: it is paused, given back or started anew just now. */
const GONE: ReadonlySet<string> = new Set(["channel_lost", "channel_hostile", "sandbox_gone", "connection_refused", "cancelled"]);
const portList = z.object({ items: z.array(portViewSchema) });

export const listPorts = httpRoute({
  id: "list_ports",
  method: "GET",
  url: "/v1/workspaces/:workspace/ports",
  tag: "applications",
  summary: "Ports that programs of a workspace listen on",
  description:
    "As the workspace's kernel says now, beside those of its web applications; none while it is not ready, or where its persona lets nobody reach them. To ask is no use of the workspace.",
  target: "workspace",
  params: workspaceParams,
  answers: { 200: { description: "The ports, the lowest first.", schema: portList } },
  errors: ["engine_unreachable"],
  async act(call) {
    const workspace = workspaceOf(call);
    if (workspace.state !== "ready" || !waysOf(workspace).streams) return { status: 200, body: { items: [] } };
    const { streams, repository } = call.services;
    const listening = streams.ports(workspace).catch((error: unknown) => {
      // Whoever looks again and again looks also while it ends.
      if (GONE.has(codeOf(error) ?? "")) return [];
      throw error;
    });
    const [ports, launches] = await Promise.all([listening, repository.launches(workspace.id)]);
    const known = new Set(launches.filter(({ generation }) => generation === workspace.generation).map(({ web }) => web?.port));
    return { status: 200, body: { items: ports.filter((port) => !known.has(port)).map((port) => ({ port, ...nameOf(workspace, port) })) } };
  },
});

function nameOf({ concrete }: WorkspaceRow, port: number): { readonly name?: string } {
  const named = decodeConcrete(concrete).ports?.find((one) => one.port === port);
  return named === undefined ? {} : { name: named.name };
}

export const openPort = httpRoute({
  id: "open_port",
  method: "POST",
  url: "/v1/workspaces/:workspace/ports/:port/tickets",
  tag: "applications",
  summary: "A ticket that signs a browser in at the origin of a port; once, within a minute",
  description: "As for a web application.",
  target: "workspace",
  way: "streams",
  params: portParams,
  body: ticketRequestSchema,
  answers: { 201: { description: "The ticket, and where it is good.", schema: ticketSchema } },
  errors: ["workspace_not_ready", "not_permitted", "too_many_requests"],
  async act(call) {
    return { status: 201, body: ticketFor(call, readyWorkspaceOf(call), portApplication(call.params.port)) };
  },
});

export const connectPort = upgradeRoute({
  id: "connect_port",
  method: "GET",
  url: "/v1/workspaces/:workspace/ports/:port/connect",
  tag: "applications",
  summary: "One TCP connection to a port inside (WebSocket)",
  target: "workspace",
  way: "streams",
  stream: true,
  params: portParams,
  answers: { 101: { description: "A WebSocket; its protocol is in the contract (stream.ts)." } },
  errors: ["workspace_not_ready"],
  async prepare(call) {
    const workspace = readyWorkspaceOf(call);
    const { port } = call.params;
    return guarded(call, "connect_port", workspace, (socket) => call.services.streams.connect(socket, workspace, port));
  },
});
