import { kindFacts, Refusal, type Ticket, type TicketRequest, ticketRequestSchema, ticketSchema } from "@guise/contract";
import type { WorkspaceRow } from "#repository";
import { TICKET_LIFE } from "../applications/application-tickets.ts";
import { type Call, callerOf, readyWorkspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { launchParams } from "../schemas.ts";
import { launchOf } from "./upgrades.ts";

export const openApplication = httpRoute({
  id: "open_application",
  method: "POST",
  url: "/v1/workspaces/:workspace/launches/:launch/tickets",
  tag: "applications",
  summary: "A ticket that signs a browser in at a web application's own origin; once, within a minute",
  description:
    "The page at `/.guise/open` of that origin tells its `challenge` to the page that holds or opened it, by postMessage, and takes the ticket in the same way. Only the browser that has that page can redeem it.",
  target: "workspace",
  way: "streams",
  params: launchParams,
  body: ticketRequestSchema,
  answers: { 201: { description: "The ticket, and where it is good.", schema: ticketSchema } },
  errors: ["workspace_not_ready", "conflict", "not_permitted", "too_many_requests"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    const { application, kind, web } = await launchOf(call, workspace);
    if (web === undefined) throw new Refusal("conflict", `${application} is ${kindFacts(kind).title}; it has no address.`);
    return { status: 201, body: ticketFor(call, workspace, application) };
  },
});

/** For the origin of what bears this name in the workspace. */
export function ticketFor(call: Call<unknown, unknown, TicketRequest>, { id }: Pick<WorkspaceRow, "id">, application: string): Ticket {
  const { applications, clock } = call.services;
  if (applications === undefined)
    throw new Refusal("not_permitted", "Web applications have no addresses of their own here (applications_origin); use guise launch.");
  const origin = applications.places.originOf(application, id);
  const ticket = applications.tickets.issue({ principal: callerOf(call), host: new URL(origin).host, challenge: call.body.challenge });
  if (ticket === undefined) throw new Refusal("too_many_requests", "Too many pages wait to be opened.", { facts: { retry_after: 5 } });
  return { ticket, origin, expires_at: new Date(clock.now() + TICKET_LIFE).toISOString() };
}
