import type { PackageSource } from "@guise/contract";
import { fromText, toText } from "../json-text.ts";
import type { AuditEntry, PackageSourceRow, PackageSourceUpdate } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import type { Tables } from "../tables.ts";
import { auditStep } from "./write-audit.ts";

/** `exists`. */
export async function addPackageSource(store: Store, { login, ...facts }: PackageSourceRow, audit: AuditEntry): Promise<void> {
  const insert = store.sql.insertInto("package_sources").values({ source: facts.source, facts: toText(facts), login: login ?? null });
  await store.write([run(insert), auditStep(store, audit)]);
}

export async function readPackageSources(store: Store): Promise<readonly PackageSourceRow[]> {
  const [rows] = await store.read(store.sql.selectFrom("package_sources").selectAll().orderBy("source"));
  return rows.map(sourceOf);
}

/** `not_found`; `stale_revision` when somebody else changed it meanwhile. */
export async function changePackageSource(
  store: Store,
  source: string,
  { login, ...change }: PackageSourceUpdate,
  audit: AuditEntry,
): Promise<PackageSourceRow> {
  const [found] = await store.read(store.sql.selectFrom("package_sources").selectAll().where("source", "=", source));
  const before = found[0];
  if (before === undefined) throw gone(source);
  const facts = toText({ ...fromText<PackageSource>(before.facts), ...change });
  const update = must(
    store.sql
      .updateTable("package_sources")
      .set({ facts, ...(login === undefined ? {} : { login }) })
      .where("source", "=", source)
      .where("facts", "=", before.facts)
      .returningAll(),
    () => new RepositoryError("stale_revision", `the package source ${source} was changed by somebody else meanwhile`),
  );
  const outcome = await store.write([update, auditStep(store, audit)]);
  const row = outcome.rows(update)[0];
  if (row === undefined) throw gone(source);
  return sourceOf(row);
}

/** `not_found`. */
export async function removePackageSource(store: Store, source: string, audit: AuditEntry): Promise<void> {
  const remove = must(store.sql.deleteFrom("package_sources").where("source", "=", source).returning("source"), () => gone(source));
  await store.write([remove, auditStep(store, audit)]);
}

function sourceOf({ facts, login }: Tables["package_sources"]): PackageSourceRow {
  return { ...fromText<PackageSource>(facts), ...(login === null ? {} : { login }) };
}

function gone(source: string): RepositoryError {
  return new RepositoryError("not_found", `there is no package source ${source}`);
}
