import { listed, type PackageManagerName, type PackageSource, type PersonaDefinition, type Problem } from "@guise/contract";
import { type Catalog, type Fault, fault, otherNameOf, quoted, type RequiredApplication, readRequiredApplication } from "#applications";
import { problemOf } from "./json-path.ts";

/** What the package mirrors say of a persona's packages. */
export interface PackageFindings {
  readonly missing: readonly { readonly manager: PackageManagerName; readonly argument: string; readonly nearest: string | undefined }[];
  /** Packages that cannot be had together, Python's where no manager is said: the requirements at fault, and why. */
  readonly unresolved:
    | { readonly manager?: PackageManagerName; readonly requirements: readonly string[]; readonly message: string }
    | undefined;
  /** Where was looked for what is missing, by manager. */
  readonly asked?: Readonly<Partial<Record<PackageManagerName, readonly string[]>>>;
  /** Package sources that were not asked: not all who may ask for the persona may have their packages. */
  readonly withheld?: readonly Pick<PackageSource, "source" | "manager" | "groups">[];
}

/** Each at the line of the persona that asks for it: its own, or the application of the catalog that brings it. */
export function packageProblems({ required_applications }: PersonaDefinition, found: PackageFindings, catalog: Catalog): Problem[] {
  const lines = required_applications.flatMap((text, index) => {
    const reading = readRequiredApplication(text, catalog);
    return "fault" in reading ? [] : [{ text, at: ["required_applications", index], asks: asksOf(reading) }];
  });
  const lineOf = (manager: PackageManagerName, argument: string) =>
    lines.find(({ asks }) => asks.some((one) => one.manager === manager && one.argument === argument));
  const faults = found.missing.flatMap(({ manager, argument, nearest }): Fault[] => {
    const line = lineOf(manager, argument);
    if (line === undefined) return [];
    const whose = line.text.includes(":") ? "" : `, which ${quoted(line.text)} needs`;
    const name = line.asks.find((one) => one.argument === argument)?.name ?? argument;
    const suggestion = otherNameOf(manager, name) ?? (nearest === undefined ? undefined : `${manager}:${nearest}`);
    return [
      fault(line.at, "unknown_name", `no package mirror has ${manager}:${argument}${whose}${placesText(found, manager)}`, suggestion),
    ];
  });
  if (found.unresolved !== undefined) {
    const { manager = "pip", requirements, message } = found.unresolved;
    const involved = new Set(requirements.map((argument) => lineOf(manager, argument)));
    // The later line is the one that somebody has just written.
    const last = lines.findLast((line) => involved.has(line));
    faults.push(fault(last?.at ?? ["required_applications"], "wrong_value", message));
  }
  return faults.map(problemOf);
}

/** Only the sources of the installation count, and somebody can change that. */
function placesText({ asked, withheld = [] }: PackageFindings, manager: PackageManagerName): string {
  const places = asked?.[manager];
  if (places === undefined) return "";
  const others = withheld.filter((one) => one.manager === (manager === "pipx" ? "pip" : manager));
  const not = others
    .map(({ source, groups }) => `; ${source} is for ${listed(groups)} alone, and others may ask for this persona`)
    .join("");
  return `: asked ${places.length === 1 ? "was" : "were"} ${listed(places)}${not}; an operator adds others by guise admin packages source add`;
}

function asksOf({ entry, package: request }: RequiredApplication): { manager: PackageManagerName; argument: string; name?: string }[] {
  if (entry === undefined) return [request];
  return Object.entries(entry.packages).flatMap(([manager, packages]) =>
    (packages ?? []).map((argument) => ({ manager: manager as PackageManagerName, argument })),
  );
}
