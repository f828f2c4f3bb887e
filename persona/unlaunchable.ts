import type { PersonaDefinition, Problem } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import type { CheckContext } from "./checking.ts";
import { definitionIn, environmentsOf } from "./environments.ts";
import type { FoundProgram } from "./found-program.ts";
import { isObject } from "./is-object.ts";
import { problemOf } from "./json-path.ts";
import { foundOutsideCatalog, launchablesOf } from "./launchables.ts";
import { outlineOf } from "./outline.ts";

type Catalog = Pick<CheckContext, "catalog">;

/**
 * What `launch` names, in whatever environment, and nothing of the image is called. What packages outside the catalog bring is known only
 * from their image: so a build ends with it, and nobody's workspace begins with it.
 */
export function unlaunchableIn(definition: PersonaDefinition, catalog: Catalog, found: readonly FoundProgram[]): readonly Problem[] {
  const faults = environmentsOf(definition).flatMap((environment) => faultsIn(definition, environment, catalog, found));
  return [...new Map(faults.map((one) => [JSON.stringify(one.at), problemOf(one)])).values()];
}

function faultsIn(definition: PersonaDefinition, environment: string, catalog: Catalog, found: readonly FoundProgram[]): Fault[] {
  const { launch = [] } = definitionIn(definition, environment) ?? definition;
  const persona = outlineOf(definition, environment, catalog);
  const names = launchablesOf(persona, found).map(({ application }) => application);
  const known = [...new Set([...names, ...foundOutsideCatalog(persona, found).map(({ name }) => name)])];
  const overlay = definition.environments?.[environment];
  const place = isObject(overlay) && overlay.launch !== undefined ? ["environments", environment, "launch"] : ["launch"];
  return launch.flatMap((name, index): Fault[] => {
    if (known.includes(name)) return [];
    const message = `no program of the image is called ${quoted(name)}; there are ${names.join(", ") || "none"}`;
    return [fault([...place, index], "unknown_name", message, nearest(name, known))];
  });
}
