import { createHash } from "node:crypto";
import {
  type Amounts,
  addAmounts,
  type Launchable,
  NO_AMOUNTS,
  type PackageSource,
  type PersonaDefinition,
  PRIORITIES,
  type Priority,
  SHELL,
} from "@guise/contract";
import {
  type ConcreteApplication,
  type ConcretePersona,
  decodeConcrete,
  type FoundProgram,
  foundOutsideCatalog,
  langOf,
  launchablesOf,
  type PersonaImage,
  type PlannedFile,
  programsIn,
  sourcesFor,
} from "#persona";
import {
  type BuiltImage,
  encodeLayer,
  type ImagePlan,
  type PackageVersion,
  type PersonalLayer,
  ProvisioningError,
  type SandboxSpec,
  type VolumeSource,
} from "#provisioning";
import { type AllocationRow, type HomeRow, type PackageSourceRow, packageSourceOf, type VersionRow, type WorkspaceRow } from "#repository";
import type { Allocation, Demand } from "#resource-manager";
import type { GivenAccess, InsideAccess } from "./data-access/inside.ts";
import { ledgerOf } from "./home-files/ledger.ts";

/** From the words of personas to the words of the engine and of the Resource Manager. Pure. */

export function concreteOf(row: Pick<WorkspaceRow, "concrete">): ConcretePersona {
  return decodeConcrete(row.concrete);
}

/** What a home holds under its own name already is not asked for again, and is only where the home lies. */
export function demandOf(row: Asking, overhead: Amounts, home: ChargedHome | undefined): Demand {
  return {
    id: row.id,
    amounts: addAmounts(besideHome(row.demand, home), overhead),
    priority: PRIORITIES[row.priority as Priority],
    group: row.group,
    person: row.owner,
    since: row.queuedSince,
    pinned: pinnedBy(home),
  };
}

type Asking = Pick<WorkspaceRow, "id" | "owner" | "demand" | "priority" | "group" | "queuedSince">;

export type ChargedHome = Pick<HomeRow, "bytes" | "node">;

export function besideHome(amounts: Amounts, home: ChargedHome | undefined): Amounts {
  return { ...amounts, storage: Math.max(0, amounts.storage - (home?.bytes ?? 0)) };
}

export const pinnedBy = (home: ChargedHome | undefined): string | null =>
  home === undefined || home.bytes === 0 ? null : (home.node ?? null);

/** What a home is charged with under its own name; undefined: nothing. */
export function allocationOf(home: HomeRow | undefined): Allocation | undefined {
  if (home === undefined || home.bytes === 0 || home.node === undefined) return undefined;
  const { home: id, node, bytes, group } = home;
  return { id, node, amounts: { ...NO_AMOUNTS, storage: bytes }, priority: 0, group, person: null };
}

export function workspaceAllocation({ workspace, node, amounts, priority, group, owner }: AllocationRow): Allocation {
  return { id: workspace, node, amounts, priority: PRIORITIES[priority as Priority], group, person: owner };
}

export interface PlanFacts {
  readonly packageEpoch: string;
  /** Where its packages may come from beside the installation's mirrors. */
  readonly sources: readonly PackageSource[];
  /** The image that was built of it before, where one was. */
  readonly recorded?: string;
  /** What an image of the persona has, whose versions are kept where they fit. */
  readonly keeps?: VersionRow["image"];
}

export function imagePlanOf({ base, layers: made }: PersonaImage, { packageEpoch, sources, recorded, keeps }: PlanFacts): ImagePlan {
  const preferred = pythonVersionsIn(keeps);
  const layers = made.map(({ application, manager, packages, accepts, isSmall }) => {
    const more = { ...(accepts === undefined ? {} : { accepts }), ...(isSmall === undefined ? {} : { isSmall }) };
    return { application, manager, packages, ...more };
  });
  return {
    ...(base === undefined ? {} : { base }),
    layers,
    packageEpoch,
    ...(sources.length === 0 ? {} : { sources }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(preferred.length === 0 ? {} : { preferred }),
  };
}

function pythonVersionsIn(image: VersionRow["image"]): PackageVersion[] {
  const contents = Array.isArray(image?.contents) ? (image.contents as BuiltImage["contents"]) : [];
  return contents.filter(({ manager }) => manager === "pip").map(({ name, version }) => ({ name, version }));
}

/** The package sources that a version may be built with, without what opens them. */
export function sourcesOf(rows: readonly PackageSourceRow[], { definition, ownerGroup }: Pick<VersionRow, "definition" | "ownerGroup">) {
  return sourcesFor(rows.map(packageSourceOf), definition as unknown as PersonaDefinition, ownerGroup);
}

/** What packages of a version's present image revision are as fresh as. */
export function packageEpochOf(installation: string, refreshed: string | undefined): string {
  return refreshed === undefined ? installation : `${installation} ${refreshed}`;
}

/** What a version's row says of its image. */
export function recordOf(image: BuiltImage): Readonly<Record<string, unknown>> & { readonly reference: string } {
  return { reference: image.reference, bytes: image.bytes, launchables: image.launchables, contents: image.contents };
}

/** Processes and threads that a sandbox may have; 512 lets browsers and JVMs run, and a fork bomb ends there. */
export const PROCESS_LIMIT = 512;

export function sandboxSpecOf(
  row: WorkspaceRow,
  image: string,
  options: {
    readonly openedRanges: readonly string[];
    readonly sources: ReadonlyMap<string, VolumeSource>;
    readonly offered: readonly PlannedFile[];
    readonly access: GivenAccess;
  },
): SandboxSpec {
  const persona = concreteOf(row);
  return {
    workspace: row.id,
    generation: row.generation,
    home: row.home,
    engineName: row.engineName ?? row.id,
    node: row.node ?? "",
    image,
    limits: { cpu: row.demand.cpu, ram: row.demand.ram, processes: PROCESS_LIMIT },
    bandwidth: { ingress: row.demand.ingress, egress: row.demand.egress },
    storage: row.demand.storage,
    network: { allow: persona.egress, openedRanges: options.openedRanges, sources: options.access.targets },
    seccomp: persona.applications.some(({ seccomp }) => seccomp === "browser") ? "browser" : "strict",
    volumes: persona.dataSources.flatMap(({ source, access, mount }) =>
      mount === undefined ? [] : [{ ...registered(source, options.sources), access }],
    ),
    personal: encodeLayer(personalLayerOf(row, options.offered, options.access)),
  };
}

/** Without what it promised a workspace does not start: its person would find an empty folder and not know why. */
function registered(source: string, sources: ReadonlyMap<string, VolumeSource>): VolumeSource {
  const known = sources.get(source);
  if (known !== undefined) return known;
  const message = `the data source "${source}" is registered here no more; ask an operator to register it, then try again: the home stays`;
  throw new ProvisioningError("source_not_registered", message);
}

/** What makes a sandbox this person's: settings, parameters, who it is, and files that the person would have in it. */
export function personalLayerOf(row: WorkspaceRow, offered: readonly PlannedFile[], access: InsideAccess): PersonalLayer {
  const persona = concreteOf(row);
  const variables = {
    // Without one programs take every file for ASCII.
    LANG: persona.locale === undefined ? "C.UTF-8" : langOf(persona.locale),
    ...(persona.timeZone === undefined ? {} : { TZ: persona.timeZone }),
    ...access.variables,
    ...persona.variables,
    GUISE_WORKSPACE: row.id,
    GUISE_PERSONA: row.persona,
    GUISE_ENVIRONMENT: row.environment,
    ...Object.fromEntries(Object.entries(row.parameters).map(([name, value]) => [`GUISE_PARAMETER_${name.toUpperCase()}`, String(value)])),
  };
  const files = [
    ...persona.files.map((file) => ({ ...sentFile(file), apply: leavesAlone(file) ? ("default" as const) : ("met" as const) })),
    ...access.files.map((file) => ({ ...sentFile(file), apply: "default" as const })),
    ...offered.map((file) => ({ ...sentFile(file), apply: "offered" as const })),
  ];
  const digest = createHash("sha256")
    .update(JSON.stringify([variables, persona.files, offered]))
    .digest("hex");
  const programs = [...new Set(persona.applications.flatMap(({ command, isOwn }) => (isOwn === true ? [] : command.slice(0, 1))))];
  const ledger = ledgerOf(persona.files);
  return { id: `${row.id}.${row.generation}`, digest, files, ...(ledger === undefined ? {} : { ledger }), variables, programs };
}

function sentFile({ path, content, mode }: PlannedFile) {
  return { path, content: Buffer.from(content), mode };
}

/** Written where nothing is, and left alone where something is. */
function leavesAlone({ apply, merge }: PlannedFile): boolean {
  return apply === "default" && merge === undefined;
}

const LOGIN_SHELL: ConcreteApplication = {
  ...SHELL,
  kind: "terminal",
  // Whichever of the shells the person prefers.
  command: ["/usr/lib/guise/shell"],
  workingDirectory: undefined,
  variables: {},
  seccomp: "strict",
  web: undefined,
};

/** What can be launched in a workspace; a shell beside what the persona brings. */
export function launchablesIn(persona: ConcretePersona, found: readonly FoundProgram[]): readonly Launchable[] {
  const brought = launchablesOf(persona, found);
  return brought.some(({ application }) => application === SHELL.application) ? brought : [...brought, SHELL];
}

/** The application of that name, from the catalog's part of the persona or from what its image was found to contain. */
export function applicationIn(row: WorkspaceRow, version: VersionRow | undefined, name: string): ConcreteApplication | undefined {
  const persona = concreteOf(row);
  const known = persona.applications.find(({ application }) => application === name);
  if (known !== undefined) return known;
  const found = foundOutsideCatalog(persona, programsIn(version?.image)).find((each) => each.name === name);
  if (found === undefined) return name === SHELL.application ? LOGIN_SHELL : undefined;
  return {
    application: found.name,
    name: found.title,
    kind: found.kind,
    command: found.command,
    workingDirectory: undefined,
    variables: {},
    seccomp: "strict",
    web: undefined,
  };
}
