import type { Amounts, Estimate, LimitNote, TransferWay, VersionDetail, VersionView, WorkspaceView } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import { decodeConcrete, demandOf, environmentsOf } from "#persona";
import { type DataAccessRow, type LaunchRow, launchView, type VersionRow, type WorkspaceRow } from "#repository";
import type { Fullness, Idleness } from "#usage";
import type { Shut, Waiting } from "./deps.ts";
import { definitionOf, type PersonaLanguage } from "./persona-language.ts";
import { waysOf } from "./ways.ts";

/** What people see of rows. Times become RFC 3339; ids of people become names where the issuer is our own. */

export interface WorkspaceExtras {
  readonly waiting: Waiting | undefined;
  readonly estimate?: Estimate | undefined;
  readonly launches: readonly LaunchRow[];
  readonly localIssuer: string;
  /** Of its version's image. */
  readonly newestRevision: number | undefined;
  /** It was made of a draft. */
  readonly isDraft: boolean;
  /** Nobody can request its persona any more. */
  readonly isRetired: boolean;
  readonly idle?: Idleness | undefined;
  /** Ms since the epoch. */
  readonly now: number;
  /** Its home is kept though its persona keeps none. */
  readonly homeIsKept?: boolean | undefined;
  readonly fullness?: Fullness | undefined;
  readonly limitsHit?: readonly LimitNote[] | undefined;
  readonly shut?: Shut | undefined;
  /** What it was given of databases. */
  readonly given?: readonly DataAccessRow[] | undefined;
  /** Parameters and launches say what somebody does inside; only the owner sees them. */
  readonly inside: boolean;
}

export function workspaceView(row: WorkspaceRow, extras: WorkspaceExtras): WorkspaceView {
  const { waiting } = extras;
  const concrete = decodeConcrete(row.concrete);
  const reason = waiting?.reason ?? row.reason;
  const message = waiting?.message ?? row.message;
  return {
    workspace_id: row.id,
    persona_id: row.persona,
    persona_name: row.personaName,
    version: row.version,
    ...(extras.isDraft ? { draft: true } : {}),
    ...(extras.isRetired ? { retired: true } : {}),
    environment: row.environment,
    name: row.name,
    owner: nameOfPrincipal(row.owner, extras.localIssuer),
    parameters: extras.inside ? row.parameters : {},
    state: row.state,
    desired: row.desired,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(waiting === undefined ? {} : { place: waiting.place }),
    ...(extras.estimate === undefined ? {} : { estimate: extras.estimate }),
    priority: row.priority,
    revision: row.revision,
    generation: row.generation,
    ...(row.node === undefined ? {} : { node: row.node }),
    demand: row.demand,
    ...outdatedView(row, extras.newestRevision),
    ...(row.wantedDemand === undefined ? {} : { wanted: row.wantedDemand }),
    limits: limitsOf(row),
    requested_at: timeOf(row.requestedAt),
    ...closedView(row),
    ...(row.readyAt === undefined ? {} : { ready_at: timeOf(row.readyAt) }),
    ...(row.expiresAt === undefined ? {} : { expires_at: timeOf(row.expiresAt) }),
    phases: row.phases.map(({ phase, took }) => ({ phase, took })),
    applications: [...row.applications],
    launch: [...concrete.launch],
    launches: extras.inside ? extras.launches.map(launchView) : [],
    ...(extras.idle === undefined ? {} : { idle: idleView(extras.idle, extras.now) }),
    ...(extras.fullness === undefined ? {} : { home: extras.fullness }),
    ...(extras.limitsHit === undefined || extras.limitsHit.length === 0 ? {} : { limits_hit: [...extras.limitsHit] }),
    ...(extras.inside && row.state === "ready" && row.leftFiles.length > 0 ? { left_files: [...row.leftFiles] } : {}),
    ...(extras.shut === undefined ? {} : { shut: { since: timeOf(extras.shut.since), why: extras.shut.why } }),
    ...dataAccessView(row, extras.given),
    keeps_home: concrete.keepHome || extras.homeIsKept === true,
    ...(row.receipt === undefined ? {} : { receipt: row.receipt as WorkspaceView["receipt"] }),
  };
}

/** A database that its persona names and that it was given no more of ended while it runs. */
function dataAccessView(row: WorkspaceRow, given: readonly DataAccessRow[] | undefined): Pick<WorkspaceView, "data_access"> {
  const named = decodeConcrete(row.concrete).dataSources.filter(({ mount }) => mount === undefined);
  if (row.state !== "ready" || given === undefined || named.length === 0) return {};
  const isGiven = (name: string) =>
    given.some(({ source, state, generation }) => {
      return source === name && state === "given" && generation === row.generation;
    });
  return { data_access: named.map(({ source, access }) => ({ source, access, state: isGiven(source) ? "given" : "ended" })) };
}

/** Only what runs can be outdated: the next start gets the newest revision anyway. */
function outdatedView({ state, imageRevision: revision }: WorkspaceRow, newest: number | undefined): Pick<WorkspaceView, "outdated"> {
  return state === "ready" && revision !== undefined && newest !== undefined && revision < newest ? { outdated: { revision, newest } } : {};
}

/** The most that it may be resized to. A workspace of before there were limits has none beside its demand. */
export function limitsOf({ concrete, demand }: Pick<WorkspaceRow, "concrete" | "demand">): Amounts {
  return { ...demand, ...decodeConcrete(concrete).limits, storage: demand.storage };
}

function closedView(row: WorkspaceRow): Pick<WorkspaceView, "closed_ways"> {
  const ways = waysOf(row);
  const closed = (Object.keys(ways) as TransferWay[]).filter((way) => !ways[way]);
  return closed.length === 0 ? {} : { closed_ways: closed };
}

function idleView({ idleFor, left, state, uses, why }: Idleness, now: number): NonNullable<WorkspaceView["idle"]> {
  return {
    for: Math.round(idleFor / 1000),
    left: Math.round(left / 1000),
    warned: state !== "used",
    why,
    uses: uses.map(({ use, ago }) => ({ use, ago: Math.round(ago / 1000) })),
    suspends_at: timeOf(now + left),
  };
}

export function versionView(row: VersionRow, language: PersonaLanguage, localIssuer: string): VersionView {
  const definition = definitionOf(row);
  const bytes = row.image?.bytes;
  return {
    persona_id: row.persona,
    persona_name: row.name,
    ...(row.description === undefined ? {} : { description: row.description }),
    version: row.version,
    state: row.draft?.build ?? row.state,
    latest: row.latest,
    ...(row.draft === undefined ? {} : { draft: true }),
    ...(row.isRetired ? { retired: true } : {}),
    digest: row.digest,
    owner_group: row.ownerGroup,
    published_at: timeOf(row.publishedAt),
    published_by: nameOfPrincipal(row.publishedBy, localIssuer),
    build: { ...row.build, ...(typeof bytes === "number" ? { image_bytes: bytes } : {}) },
    revision: row.revision,
    ...(row.refresh === undefined ? {} : { refresh: refreshView(row.refresh) }),
    environments: [...environmentsOf(definition)],
    default_environment: language.defaultEnvironment(definition),
    parameters: { ...definition.parameters },
    applications: [...language.applicationsOf(row)],
    demand: demandOf(definition),
  };
}

function refreshView({ epoch, percent, message }: NonNullable<VersionRow["refresh"]>): VersionView["refresh"] {
  return {
    state: epoch === undefined ? "failed" : "building",
    ...(percent === undefined ? {} : { percent }),
    ...(message === undefined ? {} : { message }),
  };
}

export function versionDetail(row: VersionRow, language: PersonaLanguage, localIssuer: string): VersionDetail {
  return { ...versionView(row, language, localIssuer), definition: { ...row.definition } };
}

export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
