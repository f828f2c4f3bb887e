import {
  DEFAULT_WORKSPACE_NAME,
  DRAFT_WORKSPACE_NAME,
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
import { seenBy } from "../seen-versions.ts";
import { checkReceived } from "../source-lending.ts";
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
    "Records the request and answers at once; follow the workspace's events until it is ready. Who holds the same persona, environment and name already gets that workspace back, with 200. With `version` an author tries a draft out: under the name `draft` where none is given, charged to the owning group where the author is in none that may ask. While one of another version is held under that name, that is a `conflict`.",
  target: "later",
  idempotency: "required",
  headers: idempotencyHeader(true),
  body: workspaceRequestSchema,
  answers: {
    200: { description: "The workspace that you hold already.", schema: workspaceViewSchema },
    202: { description: "The new workspace.", schema: workspaceViewSchema },
  },
  errors: ["insufficient_resources", "too_many_workspaces", "parameters_differ", "persona_not_usable", "persona_retired", "conflict"],
  async act(call) {
    const version = await usableVersion(call);
    const { environment, groups } = await permittedEnvironment(call, version);
    const concrete = resolved(call, version, environment);
    await noteAddress(call);
    const name = nameOf(call, version);
    const held = await heldWorkspace(call, environment, name);
    if (held !== undefined) return existing(call, held, concrete);
    await checkReceived(call, concrete);
    const group = chargedGroup(groups, callerOf(call).groups);
    const grant = priorityGrantOf(callerOf(call).groups, await call.services.repository.groups());
    const priority = priorityOf(call.body.priority as Priority | undefined, concrete.priority, grant);
    const home = await homeKeptFor(call, concrete.environment, name);
    const advice = call.services.admission.advise({ amounts: concrete.demand, priority, group, person: callerOf(call).id, home });
    checkAdvice(advice, call.body.wait !== false, call.services.admission.rules);
    return create(call, version, concrete, { name, group, priority, advice });
  },
  async replay(call, { status, answer }) {
    const id = typeof answer === "object" && answer !== null ? Reflect.get(answer, "workspace") : undefined;
    const row = typeof id === "string" ? await call.services.repository.workspace(id) : undefined;
    if (row === undefined) throw absent();
    return { status: status === 200 ? 200 : 202, body: await ownView(call, row) };
  },
});

/** Whom somebody else signs in is known here by his token alone, and not when there is something to tell him. */
async function noteAddress(call: RequestCall): Promise<void> {
  const { id, email } = callerOf(call);
  if (email !== undefined) await call.services.repository.noteAddress(id, email);
}

/** The version that a request gets. A persona that the person may not see is absent. */
async function usableVersion(call: RequestCall): Promise<VersionRow> {
  const { repository } = call.services;
  const persona = call.body.persona_id;
  const versions = seenBy(call.principal, await repository.versions(persona));
  await permit(call, "show_persona", personaResource(versions), persona);
  if (versions.some(({ isRetired }) => isRetired)) return versionOfHeld(call, versions);
  const { version } = call.body;
  if (version !== undefined) return numbered(versions, version);
  const published = versions.filter(({ draft }) => draft === undefined);
  const latest = published.find((row) => row.latest);
  if (latest !== undefined) return latest;
  const [newest] = published;
  if (newest !== undefined) throw unusable(newest, `Version ${newest.version}`);
  const draft = versions[0]?.version;
  throw new Refusal("persona_not_usable", `Nothing of the persona is published yet. To try your draft of it, ask for version ${draft}.`);
}

/** Nobody gets another one of what is retired; who asks for what he holds gets that. */
async function versionOfHeld(call: RequestCall, versions: readonly VersionRow[]): Promise<VersionRow> {
  const { persona_id: persona, environment, name = DEFAULT_WORKSPACE_NAME } = call.body;
  const rows = await call.services.repository.workspaces({ owner: callerOf(call).id, persona, states: LIVING });
  const held = rows.find((row) => row.name === name && row.environment === (environment ?? row.environment));
  const version = versions.find((row) => row.version === held?.version);
  if (version === undefined) throw new Refusal("persona_retired", "Nobody can request the persona any more.");
  return version;
}

/** A draft of one's own; or what everybody gets, which may be the draft that was published a moment ago. */
function numbered(versions: readonly VersionRow[], version: number): VersionRow {
  const row = versions.find((one) => one.version === version);
  if (row === undefined) throw absent();
  if (row.draft?.build === "usable" || row.latest) return row;
  if (row.draft !== undefined) throw unusable(row, `Draft ${version}`);
  const message = "is no draft of yours, and not the version that a request gets; leave it out to get that one";
  throw new Refusal("invalid", "Only drafts are asked for by their version.", {
    problems: [{ path: "$.version", code: "wrong_value", message }],
  });
}

function unusable({ state: published, draft, build }: VersionRow, which: string): Refusal {
  const state = draft?.build ?? published;
  const how = state === "building" ? "is being built" : "could not be built";
  return new Refusal("persona_not_usable", `${which} of the persona ${how}.`, { facts: { state, build } });
}

async function permittedEnvironment(call: RequestCall, version: VersionRow) {
  const { language } = call.services;
  const environment = call.body.environment ?? language.defaultEnvironment(definitionOf(version));
  const allowed = groupsIn(definitionOf(version), environment, version.ownerGroup);
  // Who makes a persona for others tries it out all the same.
  const groups = version.draft === undefined || allowed.includes(version.ownerGroup) ? allowed : [...allowed, version.ownerGroup];
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

/** What its author holds of the persona is not what a draft is tried out in. */
function nameOf(call: RequestCall, { draft }: VersionRow): string {
  return call.body.name ?? (draft === undefined ? DEFAULT_WORKSPACE_NAME : DRAFT_WORKSPACE_NAME);
}

async function heldWorkspace(call: RequestCall, environment: string, name: string): Promise<WorkspaceRow | undefined> {
  const rows = await call.services.repository.workspaces({ owner: callerOf(call).id, persona: call.body.persona_id, states: LIVING });
  return rows.find((row) => row.environment === environment && row.name === name && row.state !== "released");
}

/** What the home that was kept for this holds already is not asked for again. */
async function homeKeptFor(call: RequestCall, environment: string, name: string) {
  const { persona_id: persona } = call.body;
  return call.services.repository.keptHome({ owner: callerOf(call).id, persona, environment, name });
}

/** Nothing is written but the key, and the wish where it is suspended: who sends the request again gets this workspace, whatever became of it. */
async function existing(call: RequestCall, held: WorkspaceRow, concrete: ConcretePersona): Promise<Answer> {
  checkExisting(held, concrete.parameters, call.body.version);
  const row = held.desired === "suspended" ? await resumed(call, held) : held;
  const { repository, clock } = call.services;
  if (call.idempotency !== undefined) {
    await repository.rememberAnswer({ ...call.idempotency, status: 200, answer: { workspace: row.id }, at: clock.now() });
  }
  return { status: 200, body: await ownView(call, row), remembered: true };
}

interface Charge {
  readonly name: string;
  readonly group: string;
  readonly priority: Priority;
  readonly advice: Advice;
}

async function create(call: RequestCall, version: VersionRow, concrete: ConcretePersona, charge: Charge): Promise<Answer> {
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

function newWorkspace(call: RequestCall, version: VersionRow, concrete: ConcretePersona, charge: Charge): NewWorkspace {
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
    name: charge.name,
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
