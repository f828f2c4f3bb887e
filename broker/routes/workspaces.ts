import { pageOf, Refusal, releaseRequestSchema, WORKSPACE_STATES, workspaceViewSchema } from "@guise/contract";
import type { PresentRevision, Repository, WorkspaceRow } from "#repository";
import { type Call, callerOf, doneBy, permit, workspaceOf } from "../call.ts";
import { pageOfList } from "../cursor.ts";
import { listedWorkspaces } from "../listed-workspaces.ts";
import { httpRoute } from "../route.ts";
import { idempotencyHeader, workspaceParams, workspacesQuery } from "../schemas.ts";
import { statedReason } from "../stated-reason.ts";
import { workspaceView } from "../views.ts";

const LIVING = WORKSPACE_STATES.filter((state) => state !== "released");

export function livingWorkspaces(repository: Repository, owner: string): Promise<readonly WorkspaceRow[]> {
  return repository.workspaces({ owner, states: LIVING });
}

/** The workspace as its owner sees it; others who may see it do not see inside. */
export async function ownView(call: Call, row: WorkspaceRow, present = presentRevisions(call.services.repository)) {
  const { repository, admission, issuer, clock, idlenessOf, estimateOf, fullnessOf, limitsHitBy, shutOf } = call.services;
  const inside = callerOf(call).id === row.owner;
  const launches = inside ? await repository.launches(row.id) : [];
  const waiting = row.state === "queued" ? admission.waiting(row.id) : undefined;
  const idle = inside ? idlenessOf(row) : undefined;
  const fullness = inside && row.state === "ready" ? fullnessOf(row.id) : undefined;
  const limitsHit = inside ? limitsHitBy(row.id) : undefined;
  const shut = row.state === "ready" ? shutOf(row.id) : undefined;
  const given = inside && row.state === "ready" ? await repository.dataAccesses(row.id) : undefined;
  const version = row.state === "released" ? undefined : await present(row);
  // What an operator gave back keeps its home, and so does the next one of that name.
  const homeIsKept = row.state !== "released" && (await repository.home(row.home))?.keep;
  const own = {
    homeIsKept: homeIsKept === true,
    waiting,
    estimate: estimateOf(row),
    launches,
    inside,
    newestRevision: version?.revision,
    isDraft: version?.isDraft === true,
    isRetired: version?.isRetired === true,
    idle,
    fullness,
    limitsHit,
    shut,
    given,
    now: clock.now(),
  };
  return workspaceView(row, { ...own, localIssuer: issuer?.issuer ?? "" });
}

/** Looks up once what several workspaces of a version share. */
function presentRevisions(repository: Repository) {
  const known = new Map<string, Promise<PresentRevision | undefined>>();
  return ({ persona, version }: WorkspaceRow): Promise<PresentRevision | undefined> => {
    const key = `${persona}/${version}`;
    const present = known.get(key) ?? repository.revision(persona, version);
    known.set(key, present);
    return present;
  };
}

export const listWorkspaces = httpRoute({
  id: "list_workspaces",
  method: "GET",
  url: "/v1/workspaces",
  tag: "workspaces",
  summary: "Your workspaces, unless said otherwise the oldest first; an operator may ask for everybody's",
  query: workspacesQuery,
  answers: { 200: { description: "A page of workspaces.", schema: pageOf(workspaceViewSchema) } },
  async act(call) {
    const { all, persona, released, state, search, order, descending = false, cursor, limit } = call.query;
    if (all === true) await permit(call, "list_all_workspaces", undefined, "-");
    const { repository, issuer } = call.services;
    const states = state === undefined ? (released === true ? undefined : LIVING) : [state];
    const rows = await repository.workspaces({
      ...(all === true ? {} : { owner: callerOf(call).id }),
      ...(persona === undefined ? {} : { persona }),
      ...(states === undefined ? {} : { states }),
    });
    const listed = listedWorkspaces(rows, { order, descending, search, localIssuer: issuer?.issuer ?? "" });
    const page = pageOfList(listed, { principal: callerOf(call).id, cursor, limit, descending, keyOf: ({ key }) => key });
    const present = presentRevisions(repository);
    return { status: 200, body: { ...page, items: await Promise.all(page.items.map(({ row }) => ownView(call, row, present))) } };
  },
});

export const showWorkspace = httpRoute({
  id: "show_workspace",
  method: "GET",
  url: "/v1/workspaces/:workspace",
  tag: "workspaces",
  summary: "One workspace: state, reason, place in the queue, applications, launches; the receipt once it is given back",
  target: "workspace",
  params: workspaceParams,
  answers: { 200: { description: "The workspace.", schema: workspaceViewSchema } },
  async act(call) {
    return { status: 200, body: await ownView(call, workspaceOf(call)) };
  },
});

export const releaseWorkspace = httpRoute({
  id: "release_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/release",
  tag: "workspaces",
  summary: "Give a workspace back",
  description: "Answers at once; the receipt is in the workspace when its state is `released`. Giving back twice is the same as once.",
  target: "workspace",
  params: workspaceParams,
  body: releaseRequestSchema,
  idempotency: "optional",
  headers: idempotencyHeader(false),
  answers: { 202: { description: "The workspace, on its way out.", schema: workspaceViewSchema } },
  async act(call) {
    const row = workspaceOf(call);
    if (row.desired === "released" || row.state === "released" || row.state === "releasing")
      return { status: 202, body: await ownView(call, row) };
    const by = callerOf(call).id;
    const reason = by !== row.owner ? "stopped_by_operator" : row.readyAt === undefined ? "cancelled" : "given_back";
    const stated = statedReason(call, row, call.body.reason);
    const dropHome = call.body.with_home === true;
    const facts = { owner: row.owner, persona: row.persona, reason, with_home: dropHome, ...stated };
    const changed = await call.services.repository.setDesired(
      row.id,
      { desired: "released", reason, by, dropHome, keepHome: by !== row.owner && !dropHome, ...stated },
      doneBy(call, "release_workspace", row.id, facts),
    );
    call.services.wake({ kind: "workspace", workspace: row.id });
    return { status: 202, body: await ownView(call, changed) };
  },
});

export const retryWorkspace = httpRoute({
  id: "retry_workspace",
  method: "POST",
  url: "/v1/workspaces/:workspace/retry",
  tag: "workspaces",
  summary: "Try a failed workspace again",
  target: "workspace",
  params: workspaceParams,
  answers: { 202: { description: "The workspace, about to be tried again.", schema: workspaceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const row = workspaceOf(call);
    if (row.state !== "failed") throw new Refusal("conflict", `Only a failed workspace is tried again; this one is ${row.state}.`);
    const changed = await call.services.repository.setDesired(
      row.id,
      { desired: "ready", reason: "retrying", by: callerOf(call).id },
      doneBy(call, "retry_workspace", row.id),
    );
    call.services.wake({ kind: "workspace", workspace: row.id });
    return { status: 202, body: await ownView(call, changed) };
  },
});
