import type { Amounts, Launchable, PersonaDefinition } from "@guise/contract";
import { requiredApplications } from "./check-applications.ts";
import type { CheckContext } from "./checking.ts";
import type { PersonaImage } from "./concrete.ts";
import { demandOf } from "./demand.ts";
import { definitionIn } from "./environments.ts";
import { layersOf } from "./layers.ts";
import { ownLaunchables } from "./own-applications.ts";

/** What is known of a persona before anybody has given parameters. */
export interface PersonaOutline extends PersonaImage {
  /** Of the catalog; what packages outside it bring is known when the image is built. */
  readonly applications: readonly Launchable[];
  readonly demand: Amounts;
}

/** For showing and building; the definition must have been validated. An environment that it does not have counts as its base. */
export function outlineOf(definition: PersonaDefinition, environment: string, { catalog }: Pick<CheckContext, "catalog">): PersonaOutline {
  const required = requiredApplications(definition, catalog);
  return {
    applications: [
      ...required.flatMap(({ entry }) =>
        entry === undefined ? [] : [{ application: entry.application, name: entry.name, kind: entry.kind, icon: entry.icon }],
      ),
      ...ownLaunchables(definition.applications),
    ],
    base: definition.base,
    layers: layersOf(required, definition),
    demand: demandOf(definitionIn(definition, environment) ?? definition),
  };
}
