import { isFor, type PackageSource, type PersonaDefinition } from "@guise/contract";
import { definitionIn, environmentsOf } from "./environments.ts";

/** The groups that may ask for the persona in an environment: the overlay's, else the persona's own, else the owning group. */
export function groupsIn(definition: PersonaDefinition, environment: string, ownerGroup: string): readonly string[] {
  const inEnvironment = definitionIn(definition, environment) ?? definition;
  return inEnvironment.access_controls?.groups ?? [ownerGroup];
}

/** The groups that may ask for it in any of its environments. */
export function groupsOf(definition: PersonaDefinition, ownerGroup: string): readonly string[] {
  return [...new Set(environmentsOf(definition).flatMap((environment) => groupsIn(definition, environment, ownerGroup)))];
}

/** The package sources that it may be built with: those that are for the group that owns it, and for all who may receive it. */
export function sourcesFor<Source extends PackageSource>(
  sources: readonly Source[],
  definition: PersonaDefinition,
  ownerGroup: string,
): readonly Source[] {
  if (sources.length === 0) return [];
  const groups = [ownerGroup, ...groupsOf(definition, ownerGroup)];
  return sources.filter((source) => isFor(source, groups));
}
