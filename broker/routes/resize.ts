import {
  type Amounts,
  formatAmount,
  type Problem,
  Refusal,
  type ResizeRequest,
  resizeRequestSchema,
  workspaceViewSchema,
} from "@guise/contract";
import type { WorkspaceRow } from "#repository";
import { sentenceOf } from "#resource-manager";
import { doneBy, workspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { workspaceParams } from "../schemas.ts";
import { limitsOf } from "../views.ts";
import { ownView } from "./workspaces.ts";

const RESIZABLE = ["cpu", "ram", "ingress", "egress"] as const;

export const resizeWorkspace = httpRoute({
  id: "resize_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/resize",
  tag: "workspaces",
  summary: "Give a ready workspace more or less cpu, ram or bandwidth, while its programs run",
  description:
    "What is not named stays. Bounded by the persona's `resource_limits`. Answers at once; `wanted` is in the workspace until it is done, and its message says how that ended: it stays as it was where its programs use more ram than it would have, or where somebody else was quicker.",
  target: "workspace",
  params: workspaceParams,
  body: resizeRequestSchema,
  answers: { 202: { description: "The workspace, about to be resized.", schema: workspaceViewSchema } },
  errors: ["conflict", "insufficient_resources"],
  async act(call) {
    const row = workspaceOf(call);
    if (row.state !== "ready" || row.desired !== "ready") throw notReady(row);
    const wanted = changed(row.wantedDemand ?? row.demand, call.body);
    checkLimits(call.body, limitsOf(row));
    const isMore = RESIZABLE.some((dimension) => wanted[dimension] > row.demand[dimension]);
    const advice = call.services.admission.adviseResize(row.id, wanted);
    if (isMore && advice.kind === "not_resized")
      throw new Refusal("insufficient_resources", `The workspace ${sentenceOf(advice)}.`, { facts: { never: false, short: advice.short } });
    const fresh = await call.services.repository
      .setWantedDemand(row.id, wanted, doneBy(call, "resize_workspace", row.id, { owner: row.owner, persona: row.persona, wanted }))
      .catch(async (error: unknown) => {
        const now = await call.services.repository.workspace(row.id);
        throw now === undefined || (now.state === "ready" && now.desired === "ready") ? error : notReady(now);
      });
    call.services.wake({ kind: "workspace", workspace: row.id });
    return { status: 202, body: await ownView(call, fresh) };
  },
});

function changed(before: Amounts, asked: ResizeRequest): Amounts {
  const { cpu = before.cpu, ram = before.ram, ingress = before.ingress, egress = before.egress } = asked;
  return { cpu, ram, storage: before.storage, ingress, egress };
}

function notReady({ state, desired }: WorkspaceRow): Refusal {
  const going = state === "ready" ? `about to be ${desired}` : state;
  return new Refusal("conflict", `Only a workspace that is ready is resized; this one is ${going}.`);
}

function checkLimits(asked: ResizeRequest, limits: Amounts): void {
  const problems = RESIZABLE.flatMap((dimension): Problem[] => {
    const amount = asked[dimension];
    if (amount === undefined || amount <= limits[dimension]) return [];
    const most = formatAmount(dimension, limits[dimension]);
    return [
      { path: `$.${dimension}`, code: "too_large", message: `${formatAmount(dimension, amount)} is more than the persona allows, ${most}` },
    ];
  });
  if (problems.length > 0) throw new Refusal("invalid", "That is more than the persona's resource_limits allow.", { problems });
}
