import { hostileReason, type PackageManager } from "./package-manager.ts";

const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[([A-Za-z0-9._,-]+)\])?(.*)/s;
const EXTRA = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
/** PEP 440 clauses; "===" (any text) is left out on purpose. */
const CLAUSE = /^(?:(?:==|!=)\d[A-Za-z0-9.!+]*(?:\.\*)?|(?:~=|>=|<=|>|<)\d[A-Za-z0-9.!+]*)$/;

/** "name", "name[extra]", with version clauses: "polars==1.*", "ruff>=0.6,<1". Name as PEP 503 writes it, clauses sorted. */
export const pip: PackageManager = {
  manager: "pip",
  example: "pip:polars or pip:polars==1.*",
  read(text) {
    const hostile = hostileReason(text);
    if (hostile !== undefined) return { reason: hostile };
    const [, written, extras, versions] = REQUIREMENT.exec(text) ?? [];
    if (written === undefined || written.length > 100) return { reason: "is not the name of a Python package" };
    const clauses = versions === undefined || versions === "" ? [] : versions.split(",");
    const extraNames = extras?.split(",") ?? [];
    if (!clauses.every((clause) => CLAUSE.test(clause))) return { reason: 'has no version such as "==1.*" or ">=1.2,<2" after the name' };
    if (!extraNames.every((extra) => EXTRA.test(extra))) return { reason: "has an extra that is not a name" };
    const name = normalized(written);
    const extra = extraNames.length === 0 ? "" : `[${[...new Set(extraNames.map(normalized))].sort().join(",")}]`;
    return { package: { manager: "pip", name, argument: `${name}${extra}${[...new Set(clauses)].sort().join(",")}` } };
  },
};

function normalized(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}
