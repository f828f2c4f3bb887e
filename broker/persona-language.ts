import {
  BASES,
  type CatalogView,
  type Launchable,
  NODE_MAJORS,
  type NodeMajor,
  type PersonaDefinition,
  type Problem,
  type RuntimesView,
} from "@guise/contract";
import type { Catalog } from "#applications";
import {
  type ConcretePersona,
  defaultEnvironment,
  digestOf,
  type Imported,
  type Installation,
  importLists,
  launchablesOf,
  outlineOf,
  type PackageFindings,
  type PersonaImage,
  packageProblems,
  programsIn,
  type ResolutionRequest,
  readDocument,
  resolvePersona,
  validatePersona,
} from "#persona";
import type { VersionRow } from "#repository";

/** What the broker asks of the persona language, with the catalog and the facts of this installation. */
export interface PersonaLanguage {
  /** The definition that the text holds, or everything that is wrong with it. */
  read(text: string): { readonly definition: PersonaDefinition } | { readonly problems: readonly Problem[] };
  digestOf(definition: PersonaDefinition): string;
  /** What its image is to be made of. */
  imageOf(definition: PersonaDefinition): PersonaImage;
  /** What its programs run on. */
  runtimesOf(definition: PersonaDefinition): RuntimesView;
  /** What the package mirrors' word means for the definition. */
  packageProblems(definition: PersonaDefinition, found: PackageFindings): readonly Problem[];
  /** A draft made of lists that people have. */
  importLists(files: readonly { readonly name: string; readonly content: string }[], lists: readonly string[]): Imported;
  /** The environment of a request that names none. */
  defaultEnvironment(definition: PersonaDefinition): string;
  /** Problems name the environment, or the parameters that are missing, unknown or ill-typed. */
  resolve(
    definition: PersonaDefinition,
    request: Required<Pick<ResolutionRequest, "environment" | "parameters" | "person">> & Pick<ResolutionRequest, "browser">,
  ): { readonly concrete: ConcretePersona } | { readonly problems: readonly Problem[] };
  /** What a persona can be made of. */
  readonly catalog: CatalogView;
  /** What can be launched; of packages outside the catalog once the version's image is there. */
  applicationsOf(row: VersionRow): readonly Launchable[];
}

export function createPersonaLanguage(options: { catalog: Catalog; installation: Installation }): PersonaLanguage {
  const { catalog, installation } = options;
  return {
    read(text) {
      const reading = readDocument(text);
      if (reading.problems !== undefined) return { problems: reading.problems };
      const validation = validatePersona(reading.document, options);
      return validation.problems === undefined ? { definition: validation.definition } : { problems: validation.problems };
    },
    digestOf,
    imageOf: (definition) => outlineOf(definition, defaultEnvironment(definition, installation.defaultEnvironment), { catalog }),
    runtimesOf: (definition) => runtimesView(definition, installation),
    packageProblems: (definition, found) => packageProblems(definition, found, catalog),
    importLists: (files, lists) => importLists(files, lists, { catalog, bases: installation.bases }),
    get catalog() {
      return catalogView(catalog, installation);
    },
    defaultEnvironment: (definition) => defaultEnvironment(definition, installation.defaultEnvironment),
    resolve(definition, request) {
      const resolution = resolvePersona(definition, { ...options, ...request });
      return resolution.problems === undefined ? { concrete: resolution.persona } : { problems: resolution.problems };
    },
    applicationsOf(row) {
      const definition = definitionOf(row);
      const environment = defaultEnvironment(definition, installation.defaultEnvironment);
      return launchablesOf(outlineOf(definition, environment, { catalog }), programsIn(row.image));
    },
  };
}

function catalogView({ entries }: Catalog, { dataSources, defaultEnvironment: environment }: Installation): CatalogView {
  return {
    applications: entries
      .map(({ application, name, description, homepage, kind, icon, packages, settings }) => ({
        ...{ application, name, description, homepage, kind, icon },
        packages: packages as Record<string, string[]>,
        settings: Object.fromEntries(Object.entries(settings).map(([key, { places: _, fields: _fields, ...facts }]) => [key, facts])),
      }))
      .sort((a, b) => (a.application < b.application ? -1 : 1)),
    data_sources: dataSources.map(({ name, kind, writable }) => ({ source: name, kind, writable: writable === true })),
    default_environment: environment,
  };
}

function runtimesView({ base: chosen, runtimes }: PersonaDefinition, { bases }: Installation): RuntimesView {
  const base = chosen ?? bases.standard;
  const newest = NODE_MAJORS[NODE_MAJORS.length - 1] as NodeMajor;
  return {
    ...(base === undefined ? {} : { base, python: BASES[base].python }),
    node: NODE_MAJORS.find((major) => major === String(runtimes?.node)) ?? newest,
    bases: bases.here.map((one) => ({ base: one, python: BASES[one].python })),
    nodes: [...NODE_MAJORS],
  };
}

/** The stored definition of a version: it was validated when it was published, and is immutable. */
export function definitionOf(row: VersionRow): PersonaDefinition {
  return row.definition as unknown as PersonaDefinition;
}
