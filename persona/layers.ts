import { KINDS, PACKAGE_MANAGERS, type PersonaDefinition } from "@guise/contract";
import type { CatalogEntry, PackageRequest, RequiredApplication } from "#applications";
import type { ConcreteLayer } from "./concrete.ts";
import { localeNamed } from "./locales.ts";

type Layer = ConcreteLayer;

/** What a persona chooses of the system itself. */
export type SystemChoices = Pick<PersonaDefinition, "runtimes" | "locale" | "accepted_gaps" | "applications">;

/**
 * One layer per application and manager: the catalog's in the catalog's order, then packages outside it by manager and name.
 * What is chosen of the system comes last. The order does not hang on the persona's, so that personas share the beginnings of their images.
 */
export function layersOf(required: readonly RequiredApplication[], choices: SystemChoices): Layer[] {
  const entries = required.flatMap(({ entry }) => entry ?? []).sort((a, b) => a.order - b.order);
  const outside = required.flatMap(({ package: request }) => request ?? []).sort(byManagerAndName);
  const layers = [
    ...displayLayer(entries, choices),
    ...entries.flatMap(entryLayers),
    ...outside.map(packageLayer),
    ...systemLayers(choices),
  ];
  const accepts = acceptedOf(choices);
  return accepts.length === 0 ? layers : layers.map((layer) => (layer.manager === "npm" ? { ...layer, accepts } : layer));
}

function acceptedOf({ accepted_gaps: gaps = [] }: SystemChoices): string[] {
  return [...new Set(gaps.map((gap) => gap.replace(/^npm:/, "")))].sort();
}

/** What packages outside the catalog bring is known when they are installed: the image gets a display then. */
function displayLayer(entries: readonly CatalogEntry[], { applications = {} }: SystemChoices): Layer[] {
  const kinds = [...entries, ...Object.values(applications)].map(({ kind }) => kind);
  return kinds.some((kind) => KINDS[kind].runsAs === "display")
    ? [{ application: "display", manager: "display", packages: ["display"] }]
    : [];
}

function systemLayers({ runtimes, locale: written }: SystemChoices): Layer[] {
  const locale = written === undefined ? undefined : localeNamed(written);
  return [
    ...(runtimes?.node === undefined ? [] : [{ application: "node", manager: "node", packages: [String(runtimes.node)] } as const]),
    ...(locale === undefined ? [] : [{ application: "locale", manager: "locale", packages: [locale] } as const]),
  ];
}

function entryLayers(entry: CatalogEntry): Layer[] {
  return PACKAGE_MANAGERS.flatMap((manager) => {
    const packages = entry.packages[manager];
    if (packages === undefined) return [];
    return [
      { application: entry.application, manager, packages: [...packages].sort(), ...(entry.small === true ? { isSmall: true } : {}) },
    ];
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
