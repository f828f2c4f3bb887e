import {
  type ErrorCode,
  importRequestSchema,
  importResponseSchema,
  isFor,
  type PackageSource,
  type PersonaDefinition,
  type Problem,
  publishRequestSchema,
  Refusal,
  rollbackRequestSchema,
  validateRequestSchema,
  validateResponseSchema,
  versionViewSchema,
} from "@guise/contract";
import { isPriority, lowerPriority, priorityGrantOf } from "#access";
import { codeOf } from "#foundation";
import { definitionIn, environmentsOf, groupsOf, sourcesFor } from "#persona";
import { packageSourceOf, type VersionRow } from "#repository";
import { type Call, callerOf, doneBy, permit } from "../call.ts";
import { checkPlanOf } from "../check-plan.ts";
import { httpRoute } from "../route.ts";
import { idempotencyHeader, personaParams } from "../schemas.ts";
import { publishedIn } from "../seen-versions.ts";
import { unlentSources } from "../source-lending.ts";
import { show } from "./personas.ts";

const NOT_ASKED = "the package mirrors were not to be asked";

export const validatePersona = httpRoute({
  id: "validate_persona",
  method: "POST",
  url: "/v1/personas/validate",
  tag: "personas",
  summary: "Everything that is wrong with a persona document; nothing is stored",
  description:
    "Where the document itself is right, the package mirrors are asked for its packages: what they do not have, and Python packages that cannot be had together, are problems too.",
  document: true,
  body: validateRequestSchema,
  answers: { 200: { description: "The problems, none when it is valid.", schema: validateResponseSchema } },
  async act(call) {
    const { language, examinePackages } = call.services;
    const read = language.read(call.body.document);
    if ("problems" in read) return { status: 200, body: { valid: false, problems: read.problems } };
    const runtimes = language.runtimesOf(read.definition);
    if (call.body.packages === false) return { status: 200, body: { valid: true, problems: [], runtimes, unasked: NOT_ASKED } };
    const { asked, withheld } = await sourcesToAsk(call, read.definition);
    const { found, unasked } = await examinePackages(language.imageOf(read.definition), asked);
    const problems = found === undefined ? [] : language.packageProblems(read.definition, { ...found, withheld });
    return { status: 200, body: { valid: problems.length === 0, problems, runtimes, ...(unasked === undefined ? {} : { unasked }) } };
  },
});

/** Those of the group that it would belong to; where nobody said which, of each that it could belong to. */
async function sourcesToAsk(call: Call<unknown, unknown, Owned>, definition: PersonaDefinition): Promise<SourcesToAsk> {
  const { repository } = call.services;
  const all = await repository.packageSources();
  if (all.length === 0) return { asked: [], withheld: [] };
  const published = publishedIn(await repository.versions(definition.persona_id));
  const owner = published?.ownerGroup ?? call.body.owner_group;
  const owners = owner === undefined ? callerOf(call).groups : [owner].filter((group) => callerOf(call).groups.includes(group));
  const own = all.map(packageSourceOf).filter((source) => owners.some((group) => isFor(source, [group])));
  const asked = own.filter((source) => owners.some((group) => sourcesFor([source], definition, group).length > 0));
  return { asked, withheld: own.filter((source) => !asked.includes(source)) };
}

interface SourcesToAsk {
  readonly asked: readonly PackageSource[];
  /** Those of the group's own that not all who may ask for the persona may have. */
  readonly withheld: readonly PackageSource[];
}

export const importPersona = httpRoute({
  id: "import_persona",
  method: "POST",
  url: "/v1/personas/import",
  tag: "personas",
  summary: "A draft of a persona, made of lists that people have; nothing is stored",
  description:
    "Reads requirements.txt, pyproject.toml, environment.yml, package.json, apt.txt, Aptfile, devcontainer.json and .tool-versions, and tells of each line what became of it. Files that a list names are given with it; those that are missing are in `wanted`.",
  document: true,
  body: importRequestSchema,
  answers: { 200: { description: "The draft, and what became of each line.", schema: importResponseSchema } },
  async act(call) {
    const { definition, rows, wanted } = call.services.language.importLists(call.body.files, call.body.lists);
    const document = definition === undefined ? {} : { document: `${JSON.stringify(definition, undefined, 2)}\n` };
    return { status: 200, body: { ...document, rows: [...rows], wanted: [...wanted] } };
  },
});

export const publishPersona = httpRoute({
  id: "publish_persona",
  method: "POST",
  url: "/v1/personas",
  tag: "personas",
  summary: "Publish a version of a persona, or store a draft of one; its image is built at once",
  description:
    "The same content as the newest version gives that version back with 200. All problems come in one answer, and then nothing is stored. A persona with checks is usable when they passed in a workspace of yours that is made for them. A draft is its author's alone: nobody else sees or requests it, and it takes the place of the author's former draft of the persona, of which what runs goes on.",
  target: "later",
  document: true,
  idempotency: "optional",
  headers: idempotencyHeader(false),
  body: publishRequestSchema,
  answers: {
    200: {
      description: "The newest version has this content already; when its build had failed, it is built again.",
      schema: versionViewSchema,
    },
    201: { description: "The new version, being built.", schema: versionViewSchema },
  },
  errors: ["invalid_persona", "not_supported_here", "source_not_registered", "persona_retired", "conflict"],
  async act(call) {
    const { repository, language, clock, wake } = call.services;
    const read = language.read(call.body.document);
    if ("problems" in read) throw refusedDocument(read.problems);
    const { definition } = read;
    const { persona_id: persona, persona_name: name, description } = definition;
    const ownerGroup = await ownerGroupOf(call, persona, call.body.owner_group);
    await mayBePublished(call, definition, ownerGroup);
    const isDraft = call.body.draft === true;
    const checks = isDraft ? undefined : await checkPlanOf(call, definition, ownerGroup);
    const digest = language.digestOf(definition);
    const { version, existed } = await repository.publishVersion(
      {
        persona,
        name,
        ...(description === undefined ? {} : { description }),
        digest,
        definition,
        ownerGroup,
        publishedBy: callerOf(call).id,
        publishedAt: clock.now(),
        ...(isDraft ? { isDraft } : {}),
        ...(checks === undefined ? {} : { checkPlan: checks }),
      },
      doneBy(call, "publish_persona", persona, { digest, owner_group: ownerGroup, ...(isDraft ? { draft: true } : {}) }),
    );
    const again = existed && (version.draft?.build ?? version.state) === "build_failed";
    if (again) await repository.setBuild(persona, version.version, { state: "building", message: "builds again", percent: 0 });
    if (!existed || again) wake({ kind: "persona", persona });
    const present = again ? ((await repository.version(persona, version.version)) ?? version) : version;
    return { status: existed ? 200 : 201, body: show(call, present) };
  },
});

export const rollbackPersona = httpRoute({
  id: "rollback_persona",
  method: "POST",
  url: "/v1/personas/:persona/rollback",
  tag: "personas",
  summary: "Make an earlier usable version the one that requests get",
  target: "persona",
  params: personaParams,
  body: rollbackRequestSchema,
  answers: { 200: { description: "The version that requests get now.", schema: versionViewSchema } },
  errors: ["persona_not_usable"],
  async act(call) {
    const { persona } = call.params;
    const { version } = call.body;
    try {
      const row = await call.services.repository.rollback(persona, version, doneBy(call, "rollback_persona", persona, { version }));
      return { status: 200, body: show(call, row) };
    } catch (error) {
      throw codeOf(error) === "not_usable" || codeOf(error) === "not_found" ? refusedRollback(call.versions, persona, version) : error;
    }
  },
});

/** Whoever may publish it does so with no more than the owning group holds. */
export async function mayBePublished(call: Call, definition: PersonaDefinition, ownerGroup: string): Promise<void> {
  const groups = groupsOf(definition, ownerGroup);
  await permit(call, "publish_persona", { kind: "persona", ownerGroup, groups }, definition.persona_id);
  await checkPriority(call, definition, ownerGroup);
  const unlent = await unlentSources(call, definition, ownerGroup);
  if (unlent.length > 0) throw refusedDocument(unlent);
}

/** What the version is instead, and which ones can be rolled back to. */
function refusedRollback(versions: readonly VersionRow[], persona: string, version: number): Refusal {
  const usable = versions.filter(({ state }) => state === "usable").map((row) => row.version);
  const others = usable.length === 0 ? "No version of it is usable." : `These can be rolled back to: ${usable.join(", ")}.`;
  const wanted = versions.find((row) => row.version === version);
  const facts = { version, usable, ...(wanted === undefined ? {} : { state: wanted.state }) };
  if (wanted === undefined) return new Refusal("not_found", `${persona} has no version ${version}. ${others}`, { facts });
  return new Refusal("persona_not_usable", `Version ${version} of ${persona} ${whyUnusable(wanted)}. ${others}`, { facts });
}

function whyUnusable({ state, build }: VersionRow): string {
  if (state === "draft") return "is a draft; it is published, not rolled back to";
  if (state === "build_failed") return `never was usable: its build failed${build?.message === undefined ? "" : ` (${build.message})`}`;
  return state === "building" ? "never was usable: it is still being built" : `is not usable: it is ${state}`;
}

/** Codes that say more than `invalid_persona`, where every problem is of that one kind. */
const SPEAKING_CODES: readonly ErrorCode[] = ["not_supported_here", "source_not_registered", "not_permitted"];

export function refusedDocument(problems: readonly Problem[]): Refusal {
  const code = SPEAKING_CODES.find((speaking) => problems.every((problem) => problem.code === speaking)) ?? "invalid_persona";
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new Refusal(code, `${count}; nothing was stored.`, { problems });
}

/** Nobody lends a priority that they do not hold: no environment asks for more than the owning group was granted. */
async function checkPriority(call: Call, definition: PersonaDefinition, ownerGroup: string): Promise<void> {
  const grant = priorityGrantOf([ownerGroup], await call.services.repository.groups());
  const problems = environmentsOf(definition).flatMap((environment): Problem[] => {
    const priority = definitionIn(definition, environment)?.priority ?? "normal";
    if (!isPriority(priority) || lowerPriority(priority, grant) === priority) return [];
    const path = definition.priority === priority ? "$.priority" : `$.environments.${environment}.priority`;
    const message = `${priority} is above the grant of the group ${ownerGroup}, which is ${grant}`;
    return [{ path, code: "not_permitted", message, suggestion: grant }];
  });
  const distinct = problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
  if (distinct.length > 0) throw refusedDocument(distinct);
}

interface Owned {
  readonly owner_group?: string | undefined;
}

/**
 * A persona stays with the group that published it first. A new one goes to the group named, else where its author's draft is, else to the
 * author's only one; a draft alone keeps nobody from an id.
 */
export async function ownerGroupOf(call: Call, persona: string, asked: string | undefined): Promise<string> {
  const versions = await call.services.repository.versions(persona);
  const { groups, id } = callerOf(call);
  const published = publishedIn(versions);
  if (published !== undefined) {
    if (asked === undefined || asked === published.ownerGroup || !groups.includes(published.ownerGroup)) return published.ownerGroup;
    throw new Refusal("conflict", `The persona belongs to the group ${published.ownerGroup}; it does not change hands by publishing.`);
  }
  const only = groups.length === 1 ? groups[0] : undefined;
  const group = asked ?? versions.find(({ publishedBy }) => publishedBy === id)?.ownerGroup ?? only;
  if (group !== undefined) return group;
  const message = groups.length === 0 ? "you are in no group" : `name one of your groups: ${groups.join(", ")}`;
  throw new Refusal("invalid", "A new persona needs an owning group.", { problems: [{ path: "$.owner_group", code: "missing", message }] });
}
