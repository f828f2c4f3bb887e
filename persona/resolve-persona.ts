import { type ParameterValues, type PersonaDefinition, type Problem, parseDuration } from "@guise/contract";
import { type CatalogEntry, type Fault, fault, quoted, type RequiredApplication } from "#applications";
import { nearest } from "#foundation";
import { checkDataSources, checkEgress } from "./check-access.ts";
import { requiredApplications } from "./check-applications.ts";
import { resolvedFaults } from "./check-configuration.ts";
import { checkEnforcement } from "./check-promises.ts";
import type { CheckContext } from "./checking.ts";
import type { ConcreteApplication, ConcretePersona, ConcreteWeb, EgressTarget } from "./concrete.ts";
import { demandOf, limitsOf } from "./demand.ts";
import { readEgress } from "./egress.ts";
import { defaultEnvironment, definitionIn, type EnvironmentDefinition, environmentsOf } from "./environments.ts";
import { problemOf } from "./json-path.ts";
import { layersOf } from "./layers.ts";
import { localeNamed, localeOfTag } from "./locales.ts";
import { ownApplications } from "./own-applications.ts";
import { readParameters } from "./parameters.ts";
import { type Person, personValue, unknownOfPerson } from "./person.ts";
import { type LayerPlan, planLayer } from "./personal-layer.ts";
import { substituted } from "./references.ts";
import { timeZoneNamed } from "./time-zones.ts";

export interface ResolutionRequest extends CheckContext {
  /** Without it, the default one. */
  readonly environment?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly person: Person;
  /** What the person's own browser says: a language tag and a time zone. */
  readonly browser?: { readonly locale?: string | undefined; readonly timeZone?: string | undefined } | undefined;
}

export type Resolution =
  | { readonly persona: ConcretePersona; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly persona?: never };

const DEFAULT_STOP_GRACE = 10_000;

/**
 * The persona as it is to be provisioned. The definition must have been validated; what has changed in the installation since then
 * (a source, a range, the catalog) is found here and answered as problems. Places are `$.environment`, `$.parameters.…`, or of the definition.
 */
export function resolvePersona(definition: PersonaDefinition, request: ResolutionRequest): Resolution {
  const environment = request.environment ?? defaultEnvironment(definition, request.installation.defaultEnvironment);
  const inEnvironment = definitionIn(definition, environment);
  if (inEnvironment === undefined) return { problems: [problemOf(unknownEnvironment(environment, environmentsOf(definition)))] };
  const { values, faults } = readParameters(inEnvironment.parameters ?? {}, request.parameters ?? {});
  if (faults.length > 0) return { problems: faults.map((found) => problemOf({ ...found, at: ["parameters", ...found.at] })) };
  const unknown = unknownOfPerson(inEnvironment.application_configuration, request.person);
  if (unknown.length > 0) return { problems: unknown.map(problemOf) };
  const configuration = configurationWith(inEnvironment, values, request);
  const late = [
    ...resolvedFaults(inEnvironment, configuration, request),
    ...checkEgress(inEnvironment, request),
    ...checkDataSources(inEnvironment, request),
    ...checkEnforcement(inEnvironment, request),
    ...missingFromCatalog(inEnvironment, request),
  ];
  if (late.length > 0) return { problems: late.map(problemOf) };
  const required = requiredApplications(inEnvironment, request.catalog);
  const layer = planLayer(required, configuration);
  if ("fault" in layer) return { problems: [problemOf(layer.fault)] };
  return { persona: concrete(inEnvironment, { environment, parameters: values, required, layer, request }) };
}

function unknownEnvironment(environment: string, names: readonly string[]): Fault {
  return fault(
    ["environment"],
    "unknown_name",
    `this persona has no environment ${quoted(environment)}; it has ${names.join(", ")}`,
    nearest(environment, names),
  );
}

function configurationWith(definition: EnvironmentDefinition, values: ParameterValues, { installation, person }: ResolutionRequest) {
  const replaced = substituted(definition.application_configuration ?? {}, (reference) => {
    const { kind, name } = reference;
    if (kind === "parameter") return Object.hasOwn(values, name) ? values[name] : undefined;
    if (kind === "data_source") return installation.dataSources.find((source) => source.name === name)?.place;
    return personValue(reference, person);
  });
  return replaced as NonNullable<EnvironmentDefinition["application_configuration"]>;
}

function missingFromCatalog(definition: EnvironmentDefinition, { catalog }: CheckContext): Fault[] {
  return definition.required_applications.flatMap((text, index) =>
    text.includes(":") || catalog.find(text) !== undefined
      ? []
      : [fault(["required_applications", index], "unknown_name", `${quoted(text)} is not in the catalog any more`)],
  );
}

/** A person's own come before the persona's. What is none is as if nothing was said: a browser says what it likes. */
function surroundingsOf({ locale, time_zone: zone }: EnvironmentDefinition, { browser }: ResolutionRequest) {
  const own = browser?.locale === undefined ? undefined : localeOfTag(browser.locale);
  return {
    locale: own ?? (locale === undefined ? undefined : localeNamed(locale)),
    timeZone: timeZoneNamed(browser?.timeZone ?? "") ?? zone,
  };
}

interface Parts {
  readonly environment: string;
  readonly parameters: ParameterValues;
  readonly required: readonly RequiredApplication[];
  readonly layer: LayerPlan;
  readonly request: ResolutionRequest;
}

function concrete(definition: EnvironmentDefinition, { environment, parameters, required, layer, request }: Parts): ConcretePersona {
  const { access_controls: access, lifetime } = definition;
  return {
    persona_id: definition.persona_id,
    persona_name: definition.persona_name,
    description: definition.description,
    environment,
    parameters,
    ...(definition.base === undefined ? {} : { base: definition.base }),
    layers: layersOf(required, definition),
    ...surroundingsOf(definition, request),
    applications: [
      ...required.flatMap(({ entry }) => (entry === undefined ? [] : [applicationOf(entry, layer)])),
      ...ownApplications(definition.applications),
    ],
    launch: definition.launch ?? [],
    variables: layer.variables,
    files: layer.files,
    demand: demandOf(definition),
    limits: limitsOf(definition),
    egress: targetsOf(access?.network?.egress ?? [], request),
    dataSources: (access?.data_sources ?? []).map(({ source, access: level }) => ({
      ...{ source, access: level ?? "read" },
      ...folderOf(source, request),
    })),
    ...transferOf(access),
    ...(definition.ports === undefined ? {} : { ports: definition.ports }),
    groups: access?.groups,
    priority: definition.priority ?? "normal",
    stopGrace: definition.stop_grace === undefined ? DEFAULT_STOP_GRACE : parseDuration(definition.stop_grace),
    maximumLifetime: lifetime?.maximum === undefined ? undefined : parseDuration(lifetime.maximum),
    idleAfter: lifetime?.idle === undefined ? undefined : parseDuration(lifetime.idle),
    keepHome: lifetime?.home === "keep",
  };
}

/** An application's own variables hold the same values as the workspace's: the author may have set one of them. */
function applicationOf(entry: CatalogEntry, layer: LayerPlan): ConcreteApplication {
  const own = Object.keys(entry.variables ?? {}).map((name) => [name, layer.variables[name] ?? ""] as const);
  const { web } = entry;
  return {
    application: entry.application,
    name: entry.name,
    kind: entry.kind,
    icon: entry.icon,
    ...(entry.needs === undefined ? {} : { needs: entry.needs }),
    command: [...entry.command, ...(layer.arguments[entry.application] ?? [])],
    workingDirectory: entry.working_directory,
    variables: Object.fromEntries(own),
    seccomp: entry.seccomp,
    web: web === undefined ? undefined : webOf(web),
  };
}

function webOf({ port, path, ready_path: readyPath, within, busy }: NonNullable<CatalogEntry["web"]>): ConcreteWeb {
  return { port, path, readyPath, within: parseDuration(within), ...(busy === undefined ? {} : { busy }) };
}

function transferOf({
  clipboard,
  file_transfer,
}: NonNullable<EnvironmentDefinition["access_controls"]> = {}): Pick<ConcretePersona, "transfer"> {
  if (clipboard === undefined && file_transfer === undefined) return {};
  return { transfer: { ...(clipboard === undefined ? {} : { clipboard }), ...(file_transfer === undefined ? {} : { file_transfer }) } };
}

function targetsOf(egress: readonly string[], { installation }: CheckContext): EgressTarget[] {
  return egress.flatMap((text) => readEgress(text, installation.openedRanges).target ?? []);
}

function folderOf(source: string, { installation }: CheckContext): { readonly mount?: string } {
  const registered = installation.dataSources.find(({ name }) => name === source);
  return registered === undefined || registered.kind === "volume" ? { mount: registered?.place ?? "" } : {};
}
