import { PACKAGE_MANAGERS, type PackageManagerName } from "@guise/contract";
import { type Catalog, otherNameOf, PACKAGE_MANAGER_RULES, type PackageRequest } from "#applications";
import { requirementParts, versionOrder } from "./joined-argument.ts";

/** Names of Python's index that mean another package where nothing more is said, and are packages themselves. */
const ALSO_PACKAGES: ReadonlySet<string> = new Set(["crypto", "jwt", "serial"]);

/** What a package is called that people call otherwise, in its manager's notation; and how that was changed. */
export function meantPackage({ manager, name, argument }: PackageRequest): { readonly argument: string; readonly how: string } | undefined {
  const other = otherNameOf(manager, name)?.slice(manager.length + 1);
  if (other === undefined) return undefined;
  const rest = argument.slice(name.length);
  const how = manager === "apt" ? "its name in Debian" : "its name in Python's index";
  if (rest !== "" && ALSO_PACKAGES.has(name)) return undefined;
  // Ubuntu's version, or that of a package that only holds the name: "sklearn==0.0".
  const isAnothers = rest !== "" && (manager === "apt" || /^==0\.0(?:\.|$)/.test(rest));
  return isAnothers
    ? { argument: other, how: `${how}; without the version, which is another package's` }
    : { argument: `${other}${rest}`, how };
}

/** By `manager:name`: the application that brings the package before all else, the first in the catalog's order, and in which version. */
export type CatalogPackages = ReadonlyMap<string, { readonly application: string; readonly version: string }>;

export function catalogPackages(catalog: Catalog): CatalogPackages {
  // Of a package that two bring the last one stays in a map.
  const entries = catalog.entries.toSorted((a, b) => b.order - a.order);
  return new Map(
    entries.flatMap(({ application, packages }) => {
      // What Debian brings beside packages of a language is what they run with: R beside its console, OpenSSH beside Ansible.
      const managers = PACKAGE_MANAGERS.filter((manager) => packages[manager] !== undefined);
      return (managers.length === 1 ? managers : managers.filter((manager) => manager !== "apt")).flatMap((manager) => {
        const read = PACKAGE_MANAGER_RULES[manager].read(packages[manager]?.[0] ?? "").package;
        return read === undefined
          ? []
          : [[`${manager}:${read.name}`, { application, version: read.argument.slice(read.name.length) }] as const];
      });
    }),
  );
}

/** The application of the catalog that is the package, in a version that the package's own conditions allow. */
export function catalogApplication(known: CatalogPackages, { manager, name, argument }: PackageRequest): string | undefined {
  // A program of Python is the same in an environment of its own.
  const managers: readonly PackageManagerName[] = manager === "pip" || manager === "pipx" ? [manager, "pip", "pipx"] : [manager];
  const found = managers.map((one) => known.get(`${one}:${name}`)).find((one) => one !== undefined);
  if (found === undefined) return undefined;
  const conditions = argument.slice(name.length);
  const isSame =
    conditions === "" || conditions === found.version || allows(conditions, /^(?:==|@)(\d{1,9})(?:\.\*)?$/.exec(found.version)?.[1]);
  return isSame ? found.application : undefined;
}

/** Whether conditions allow all versions of a major; the notation of pip, or that of npm. */
function allows(conditions: string, major: string | undefined): boolean {
  if (major === undefined) return false;
  if (conditions.startsWith("@")) return /^@(?:\^|>=)?(\d{1,9})(?:\.[0x*]){0,2}$/.exec(conditions)?.[1] === major;
  const { extras, clauses } = requirementParts(`name${conditions}`);
  return (
    extras.length === 0 &&
    clauses.every((clause) => {
      const [, operator, bound = ""] = /^(<|>=)(\d{1,9}(?:\.\d{1,9}){0,9})$/.exec(clause) ?? [];
      if (operator === "<") return versionOrder(bound, String(Number(major) + 1)) >= 0;
      return operator === ">=" ? versionOrder(bound, major) <= 0 : clause === `==${major}.*`;
    })
  );
}
