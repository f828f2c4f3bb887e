import { DEFAULT_ENVIRONMENT, type PersonaDefinition } from "@guise/contract";
import { mergePatch } from "./merge-patch.ts";

/** A persona definition with the overlay of one environment in it. */
export type EnvironmentDefinition = Omit<PersonaDefinition, "environments">;

/** Members that no overlay may touch: one image and one identity per version. */
export const FIXED_MEMBERS: readonly string[] = [
  "$schema",
  "persona_id",
  "required_applications",
  "applications",
  "accepted_gaps",
  "base",
  "runtimes",
  "locale",
  "environments",
];

/** The environments that a request may name, in the document's order; never empty. */
export function environmentsOf(definition: Pick<PersonaDefinition, "environments">): readonly string[] {
  const declared = Object.keys(definition.environments ?? {});
  return declared.length === 0 ? [DEFAULT_ENVIRONMENT] : declared;
}

/** What a request gets that names none: the installation's default where the persona has it, else the first that is declared. */
export function defaultEnvironment(definition: Pick<PersonaDefinition, "environments">, installationDefault: string): string {
  const names = environmentsOf(definition);
  return names.includes(installationDefault) ? installationDefault : (names[0] ?? DEFAULT_ENVIRONMENT);
}

/** The document as it stands in one environment, unchecked. */
export function overlaid(document: Readonly<Record<string, unknown>>, overlay: unknown): Record<string, unknown> {
  const { environments: _, ...base } = document;
  return mergePatch(base, overlay ?? {}) as Record<string, unknown>;
}

/** The definition in one of its environments; the definition must have been validated. Undefined for an environment that it does not have. */
export function definitionIn(definition: PersonaDefinition, environment: string): EnvironmentDefinition | undefined {
  if (!environmentsOf(definition).includes(environment)) return undefined;
  const overlays = definition.environments ?? {};
  const overlay = Object.hasOwn(overlays, environment) ? overlays[environment] : {};
  return overlaid(definition, overlay) as EnvironmentDefinition;
}
