import {
  DEFAULT_WORKSPACE_NAME,
  type Priority,
  Refusal,
  WORKSPACE_STATES,
  type WorkspaceRequest,
  workspaceRequestSchema,
  workspaceViewSchema,
} from "@guise/contract";
import { priorityGrantOf } from "#access";
import { type ConcretePersona, encodeConcrete, groupsIn } from "#persona";
import type { NewWorkspace, VersionRow, WorkspaceRow } from "#repository";
import { type Advice, sentenceOf } from "#resource-manager";
import { allowanceFor, tooMany } from "../allowances.ts";
import { absent, type Call, callerOf, doneBy, permit } from "../call.ts";
import { definitionOf } from "../persona-language.ts";
import { personaResource } from "../persona-resource.ts";
import { chargedGroup, checkAdvice, checkExisting, priorityOf } from "../request-decision.ts";
import { type Answer, httpRoute } from "../route.ts";
import { idempotencyHeader } from "../schemas.ts";
import { resumed } from "./suspend.ts";
import { ownView } from "./workspaces.ts";

const LIVING = WORKSPACE_STATES.filter((state) => state !== "released");

type RequestCall = Call<unknown, unknown, WorkspaceRequest>;

export const requestWorkspace = httpRoute({
  id: "request_workspace",
  method: "POST",
  url: "/v1/workspaces",
  tag: "workspaces",
  summary: "Request a persona",
  description:
    "Records the request and answers at once; follow the workspace's events until it is ready. Who holds the same persona, environment and name already gets that workspace back, with 200.",
  target: "later",
  idempotency: "required",
  headers: idempotencyHeader(true),
  body: workspaceRequestSchema,
  answers: {
    200: { description: "The workspace that you hold already.", schema: workspaceViewSchema },
    202: { description: "The new workspace.", schema: workspaceViewSchema },
  },
  errors: ["insufficient_resources", "too_many_workspaces", "parameters_differ", "persona_not_usable", "conflict"],
  async act(call) {
    const version = await usableVersion(call);
    const { environment, groups } = await permittedEnvironment(call, version);
    const concrete = resolved(call, version, environment);
    const held = await heldWorkspace(call, environment);
    if (held !== undefined) return existing(call, held, concrete);
    const group = chargedGroup(groups, callerOf(call).groups);
    const grant = priorityGrantOf(callerOf(call).groups, await call.services.repository.groups());
    const priority = priorityOf(call.body.priority as Priority | undefined, concrete.priority, grant);
    const home = await homeKeptFor(call, concrete.environment);
    const advice = call.services.admission.advise({ amounts: concrete.demand, priority, group, person: callerOf(call).id, home });
    checkAdvice(advice, call.body.wait !== false, call.services.admission.rules);
    return create(call, version, concrete, { group, priority, advice });
  },
  async replay(call, { status, answer }) {
    const id = typeof answer === "object" && answer !== null ? Reflect.get(answer, "workspace") : undefined;
    const row = typeof id === "string" ? await call.services.repository.workspace(id) : undefined;
    if (row === undefined) throw absent();
    return { status: status === 200 ? 200 : 202, body: await ownView(call, row) };
  },
});

/** The version that a request gets. A persona that the person may not see is absent. */
async function usableVersion(call: RequestCall): Promise<VersionRow> {
  const { repository } = call.services;
  const persona = call.body.persona_id;
  const versions = await repository.versions(persona);
  await permit(call, "show_persona", personaResource(versions), persona);
  const latest = versions.find((row) => row.latest);
  if (latest !== undefined) return latest;
  const newest = versions[0];
  const state = newest?.state === "building" ? "is being built" : "could not be built";
  throw new Refusal("persona_not_usable", `Version ${newest?.version ?? 1} of the persona ${state}.`, {
    facts: { state: newest?.state, build: newest?.build },
  });
}

async function permittedEnvironment(call: RequestCall, version: VersionRow) {
  const { language } = call.services;
  const environment = call.body.environment ?? language.defaultEnvironment(definitionOf(version));
  const groups = groupsIn(definitionOf(version), environment, version.ownerGroup);
  const target = `${version.persona}/${environment}`;
  await permit(call, "request_workspace", { kind: "persona", ownerGroup: version.ownerGroup, groups }, target);
  return { environment, groups };
}

function resolved(call: RequestCall, version: VersionRow, environment: string): ConcretePersona {
  const { account, name, email } = callerOf(call);
  const { parameters = {}, locale, time_zone: timeZone } = call.body;
  const request = { environment, parameters, person: { account, name, email }, browser: { locale, timeZone } };
  const result = call.services.language.resolve(definitionOf(version), request);
  if ("concrete" in result) return result.concrete;
  throw new Refusal("invalid", "The request does not fit the persona.", { problems: result.problems });
}

async function heldWorkspace(call: RequestCall, environment: string): Promise<WorkspaceRow | undefined> {
  const rows = await call.services.repository.workspaces({ owner: callerOf(call).id, persona: call.body.persona_id, states: LIVING });
  const name = call.body.name ?? DEFAULT_WORKSPACE_NAME;
  return rows.find((row) => row.environment === environment && row.name === name && row.state !== "released");
}

/** What the home that was kept for this holds already is not asked for again. */
async function homeKeptFor(call: RequestCall, environment: string) {
  const { persona_id: persona, name = DEFAULT_WORKSPACE_NAME } = call.body;
  return call.services.repository.keptHome({ owner: callerOf(call).id, persona, environment, name });
}

/** Nothing is written but the key, and the wish where it is suspended: who sends the request again gets this workspace, whatever became of it. */
async function existing(call: RequestCall, held: WorkspaceRow, concrete: ConcretePersona): Promise<Answer> {
  checkExisting(held, concrete.parameters);
  const row = held.desired === "suspended" ? await resumed(call, held) : held;
  const { repository, clock } = call.services;
  if (call.idempotency !== undefined) {
    await repository.rememberAnswer({ ...call.idempotency, status: 200, answer: { workspace: row.id }, at: clock.now() });
  }
  return { status: 200, body: await ownView(call, row), remembered: true };
}

async function create(
  call: RequestCall,
  version: VersionRow,
  concrete: ConcretePersona,
  charge: { group: string; priority: Priority; advice: Advice },
): Promise<Answer> {
  const { repository, wake } = call.services;
  const workspace = newWorkspace(call, version, concrete, charge);
  const facts = { persona: version.persona, version: version.version, environment: concrete.environment, priority: charge.priority };
  const { workspace: row, existed } = await repository
    .createWorkspace(workspace, doneBy(call, "request_workspace", workspace.id, facts))
    .catch((error: unknown) => {
      throw tooMany(error) ?? error;
    });
  // Another request of the same person was quicker.
  if (existed) return existing(call, row, concrete);
  wake({ kind: "workspace", workspace: row.id });
  return { status: 202, body: await ownView(call, row), remembered: true };
}

function newWorkspace(
  call: RequestCall,
  version: VersionRow,
  concrete: ConcretePersona,
  charge: { group: string; priority: Priority; advice: Advice },
): NewWorkspace {
  const { ids, clock } = call.services;
  const { advice } = charge;
  const waits = advice.kind === "would_wait" ? { reason: advice.reason, message: sentenceOf(advice) } : {};
  return {
    id: ids.next("w"),
    owner: callerOf(call).id,
    group: charge.group,
    persona: version.persona,
    personaName: concrete.persona_name,
    version: version.version,
    environment: concrete.environment,
    name: call.body.name ?? DEFAULT_WORKSPACE_NAME,
    parameters: concrete.parameters,
    priority: charge.priority,
    demand: concrete.demand,
    concrete: encodeConcrete(concrete),
    home: ids.next("h"),
    keepHome: concrete.keepHome,
    requestedAt: clock.now(),
    most: allowanceFor(call.services.allowances, callerOf(call), advice.kind === "would_wait"),
    ...waits,
    ...(call.idempotency === undefined ? {} : { idempotency: call.idempotency }),
  };
}
