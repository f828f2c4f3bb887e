import { type Launchable, offeredOf } from "@guise/contract";
import type { ConcretePersona } from "./concrete.ts";
import type { FoundProgram } from "./found-program.ts";

type Layers = Pick<ConcretePersona, "layers">;

/** What is offered: the catalog's applications, then what was asked for of what packages outside the catalog were found to bring. */
export function launchablesOf(
  persona: Layers & { readonly applications: readonly Launchable[] },
  found: readonly FoundProgram[],
): readonly Launchable[] {
  const known: Launchable[] = persona.applications.map(({ application, name, kind, icon, needs }) => ({
    ...{ application, name, kind },
    ...(icon === undefined ? {} : { icon }),
    ...(needs === undefined ? {} : { needs }),
  }));
  const names = new Set(known.map(({ application }) => application));
  const extra = offeredOf(foundOutsideCatalog(persona, found))
    .filter(({ name }) => !names.has(name))
    .map(({ name, title, kind }): Launchable => ({ application: name, name: title, kind }));
  return [...known, ...extra];
}

/** What can be launched by its name, offered or not. */
export function foundOutsideCatalog({ layers }: Layers, found: readonly FoundProgram[]): readonly FoundProgram[] {
  const outside = new Set(
    layers
      .filter(({ application }) => application.includes(":"))
      .flatMap(({ manager, packages }) => packages.map((name) => `${manager}:${name}`)),
  );
  return found.filter(({ broughtBy }) => outside.has(broughtBy));
}
