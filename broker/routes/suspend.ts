import { type Priority, Refusal, suspendRequestSchema, workspaceViewSchema } from "@guise/contract";
import type { WorkspaceRow } from "#repository";
import { allowanceFor, tooMany } from "../allowances.ts";
import { type Call, callerOf, doneBy, workspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { workspaceParams } from "../schemas.ts";
import { statedReason } from "../stated-reason.ts";
import { ownView } from "./workspaces.ts";

/** States from which a workspace can be suspended; one that is starting is suspended when it is ready. */
const SUSPENDABLE = new Set(["queued", "provisioning", "ready", "suspending", "suspended"]);

export const suspendWorkspace = httpRoute({
  id: "suspend_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/suspend",
  tag: "workspaces",
  summary: "Suspend a workspace: its programs end, its home and the storage of that stay",
  description:
    "Answers at once. cpu, ram and bandwidth are free when its state is `suspended`. Memory and unsaved documents are not kept; what was open is opened again when it is resumed.",
  target: "workspace",
  params: workspaceParams,
  body: suspendRequestSchema,
  answers: { 202: { description: "The workspace, about to be suspended.", schema: workspaceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const row = workspaceOf(call);
    const neverReady = row.state === "queued" && row.readyAt === undefined;
    if (!SUSPENDABLE.has(row.state) || neverReady || row.desired === "released")
      throw new Refusal("conflict", `A workspace that is ${row.state}${neverReady ? " and was never ready" : ""} cannot be suspended.`);
    if (row.desired === "suspended") return { status: 202, body: await ownView(call, row) };
    const reason = callerOf(call).id === row.owner ? "suspended_by_person" : "suspended_by_operator";
    const by = callerOf(call).id;
    const stated = statedReason(call, row, call.body.reason);
    const changed = await call.services.repository.setDesired(
      row.id,
      { desired: "suspended", reason, by, ...stated },
      doneBy(call, "suspend_workspace", row.id, { owner: row.owner, persona: row.persona, ...stated }),
    );
    call.services.wake({ kind: "workspace", workspace: row.id });
    return { status: 202, body: await ownView(call, changed) };
  },
});

export const resumeWorkspace = httpRoute({
  id: "resume_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/resume",
  tag: "workspaces",
  summary: "Resume a suspended workspace on its home; what was open is opened again",
  description: "Answers at once; it waits in the queue like a request.",
  target: "workspace",
  params: workspaceParams,
  answers: { 202: { description: "The workspace, on its way back.", schema: workspaceViewSchema } },
  errors: ["conflict", "too_many_workspaces"],
  async act(call) {
    const row = workspaceOf(call);
    if (row.desired === "released") throw new Refusal("conflict", "The workspace is being given back.");
    return { status: 202, body: await ownView(call, row.desired === "ready" ? row : await resumed(call, row)) };
  },
});

export const keepWorkspace = httpRoute({
  id: "keep_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/keep",
  tag: "workspaces",
  summary: "Keep a workspace that is idle: its time begins anew",
  target: "workspace",
  params: workspaceParams,
  answers: { 200: { description: "The workspace.", schema: workspaceViewSchema } },
  async act(call) {
    const row = workspaceOf(call);
    call.services.keep(row.id);
    return { status: 200, body: await ownView(call, row) };
  },
});

/** The wish that a suspended workspace be ready again. */
export async function resumed(call: Call, row: WorkspaceRow): Promise<WorkspaceRow> {
  const caller = callerOf(call);
  const { waiting } = allowanceFor(call.services.allowances, caller, await wouldWait(call, row));
  const most = waiting === undefined ? {} : { most: { waiting } };
  const changed = await call.services.repository
    .setDesired(row.id, { desired: "ready", reason: "starting", by: caller.id, ...most }, doneBy(call, "resume_workspace", row.id))
    .catch((error: unknown) => {
      throw tooMany(error) ?? error;
    });
  call.services.wake({ kind: "workspace", workspace: row.id });
  return changed;
}

async function wouldWait({ services }: Call, { demand, priority, group, owner, home }: WorkspaceRow): Promise<boolean> {
  const question = { amounts: demand, priority: priority as Priority, group, person: owner, home: await services.repository.home(home) };
  return services.admission.advise(question).kind === "would_wait";
}
