import type { PackageManagerName } from "@guise/contract";

/** What two lines ask of one package; undefined where only one of them can be had. */
export function joinedArgument(manager: PackageManagerName, before: string, now: string): string | undefined {
  if (before === now) return before;
  if (manager === "pip" || manager === "pipx") return joinedRequirement(before, now);
  const isBare = (argument: string) => !/.[@=]/.test(argument);
  if (isBare(now)) return before;
  return isBare(before) ? now : undefined;
}

function joinedRequirement(before: string, now: string): string | undefined {
  const parts = [before, now].map(requirementParts);
  const extras = new Set(parts.flatMap((part) => part.extras));
  const clauses = [...new Set(parts.flatMap((part) => part.clauses))];
  const exact = clauses.filter((clause) => clause.startsWith("=="));
  if (exact.length > 1) return undefined;
  const [, version] = /^==(\d{1,9}(?:\.\d{1,9}){0,9})$/.exec(exact[0] ?? "") ?? [];
  if (version !== undefined && clauses.some((clause) => excludes(clause, version))) return undefined;
  return `${parts[0]?.name}${extras.size === 0 ? "" : `[${[...extras].sort().join(",")}]`}${clauses.sort().join(",")}`;
}

/** A requirement in canonical notation: "uvicorn[standard]<1,>=0.30". */
export function requirementParts(argument: string): {
  readonly name: string;
  readonly extras: readonly string[];
  readonly clauses: readonly string[];
} {
  const list = (text: string) => text.split(",").filter(Boolean);
  const name = /^[^[<>=!~]{1,100}/.exec(argument)?.[0] ?? "";
  const rest = argument.slice(name.length);
  const end = rest.startsWith("[") ? rest.indexOf("]") : -1;
  return { name, extras: list(rest.slice(1, Math.max(1, end))), clauses: list(rest.slice(end + 1)) };
}

/** Whether a bound of plain numbers keeps a version out; of anything else the index says more. */
function excludes(clause: string, version: string): boolean {
  const [, operator, bound = ""] = /^(<=|>=|<|>)(\d{1,9}(?:\.\d{1,9}){0,9})$/.exec(clause) ?? [];
  if (operator === undefined) return false;
  const order = versionOrder(version, bound);
  return order === 0 ? operator === "<" || operator === ">" : order > 0 === operator.startsWith("<");
}

/** Of two versions of plain numbers. */
export function versionOrder(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = [...a.keys(), ...b.keys()].find((index) => (a[index] ?? 0) !== (b[index] ?? 0)) ?? 0;
  return (a[at] ?? 0) - (b[at] ?? 0);
}
