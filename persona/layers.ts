import { PACKAGE_MANAGERS } from "@guise/contract";
import type { CatalogEntry, PackageRequest, RequiredApplication } from "#applications";
import type { ConcretePersona } from "./concrete.ts";

type Layer = ConcretePersona["layers"][number];

/**
 * One layer per application and manager: the catalog's in the catalog's order, then packages outside it by manager and name.
 * The order does not hang on the persona's, so that personas share the beginnings of their images.
 */
export function layersOf(required: readonly RequiredApplication[]): Layer[] {
  const entries = required.flatMap(({ entry }) => entry ?? []).sort((a, b) => a.order - b.order);
  const outside = required.flatMap(({ package: request }) => request ?? []).sort(byManagerAndName);
  return [...entries.flatMap(entryLayers), ...outside.map(packageLayer)];
}

function entryLayers(entry: CatalogEntry): Layer[] {
  return PACKAGE_MANAGERS.flatMap((manager) => {
    const packages = entry.packages[manager];
    return packages === undefined ? [] : [{ application: entry.application, manager, packages: [...packages].sort() }];
  });
}

function packageLayer({ manager, name, argument }: PackageRequest): Layer {
  return { application: `${manager}:${name}`, manager, packages: [argument] };
}

function byManagerAndName(a: PackageRequest, b: PackageRequest): number {
  const order = PACKAGE_MANAGERS.indexOf(a.manager) - PACKAGE_MANAGERS.indexOf(b.manager);
  if (order !== 0) return order;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
