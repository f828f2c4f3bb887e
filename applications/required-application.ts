import { isPackageManager, PACKAGE_MANAGERS, type PackageManagerName } from "@guise/contract";
import { nearest } from "#foundation";
import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { type Fault, fault, quoted } from "./fault.ts";
import { PACKAGE_MANAGER_RULES } from "./managers/index.ts";
import type { PackageRequest } from "./managers/package-manager.ts";

/** One line of `required_applications`: an application of the catalog, or a package outside it. */
export type RequiredApplication =
  | { readonly entry: CatalogEntry; readonly package?: never }
  | { readonly package: PackageRequest; readonly entry?: never };

export type RequiredApplicationReading = RequiredApplication | { readonly fault: Fault };

/** Reads a catalog id, or `manager:package[version]`; a fault names the nearest right name where one is known. */
export function readRequiredApplication(text: string, catalog: Catalog): RequiredApplicationReading {
  const colon = text.indexOf(":");
  if (colon === -1) return fromCatalog(text, catalog);
  const manager = text.slice(0, colon);
  if (!isPackageManager(manager)) return { fault: unknownManager(text, manager) };
  const written = text.slice(colon + 1);
  const reading = PACKAGE_MANAGER_RULES[manager].read(written);
  if (reading.package !== undefined) return { package: reading.package };
  const known = nearest(written, packagesOf(catalog, manager));
  const suggestion = known === undefined ? undefined : `${manager}:${known}`;
  const message = `${quoted(text)} ${reading.reason}; expected ${PACKAGE_MANAGER_RULES[manager].example}`;
  return { fault: fault([], "wrong_value", message, suggestion) };
}

function fromCatalog(text: string, catalog: Catalog): RequiredApplicationReading {
  const entry = catalog.find(text);
  if (entry !== undefined) return { entry };
  const message = `${quoted(text)} is not in the catalog; a package outside it is written manager:package, such as "apt:gnumeric"`;
  return { fault: fault([], "unknown_name", message, nearest(text, catalog.ids)) };
}

function unknownManager(text: string, manager: string): Fault {
  const message = `${quoted(text)} names no package manager of ${PACKAGE_MANAGERS.join(", ")}`;
  return fault([], "unknown_name", message, nearest(manager, PACKAGE_MANAGERS));
}

/** Names that the catalog itself installs; existence of others is for the mirrors to say. */
function packagesOf(catalog: Catalog, manager: PackageManagerName): string[] {
  return catalog.entries
    .flatMap((entry) => entry.packages[manager] ?? [])
    .flatMap((text) => PACKAGE_MANAGER_RULES[manager].read(text).package?.name ?? []);
}
