import type { PostgresSource } from "@guise/contract";
import { fromText, toText } from "../json-text.ts";
import type { AuditEntry } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import type { DataSourceRow, DataSourceUpdate } from "../stored-data-source.ts";
import type { Tables } from "../tables.ts";
import { auditStep } from "./write-audit.ts";

/** `exists`. */
export async function addDataSource(store: Store, { login, ...facts }: DataSourceRow, audit: AuditEntry): Promise<void> {
  const insert = store.sql.insertInto("data_sources").values({ source: facts.source, facts: toText(facts), login, removed_at: null });
  await store.write([run(insert), auditStep(store, audit)]);
}

export async function readDataSources(store: Store): Promise<readonly DataSourceRow[]> {
  const [rows] = await store.read(store.sql.selectFrom("data_sources").selectAll().orderBy("source"));
  return rows.map(sourceOf);
}

/** `not_found`; `stale_revision` when somebody else changed it meanwhile. */
export async function changeDataSource(
  store: Store,
  source: string,
  { login, authority, ...change }: DataSourceUpdate,
  audit: AuditEntry,
): Promise<DataSourceRow> {
  const [found] = await store.read(
    store.sql.selectFrom("data_sources").selectAll().where("source", "=", source).where("removed_at", "is", null),
  );
  const before = found[0];
  if (before === undefined) throw gone(source);
  const { authority: present, ...rest } = fromText<PostgresSource>(before.facts);
  const kept = authority === undefined ? present : (authority ?? undefined);
  const facts = toText({ ...rest, ...change, ...(kept === undefined ? {} : { authority: kept }) });
  const update = must(
    store.sql
      .updateTable("data_sources")
      .set({ facts, ...(login === undefined ? {} : { login }) })
      .where("source", "=", source)
      .where("facts", "=", before.facts)
      .returningAll(),
    () => new RepositoryError("stale_revision", `the data source ${source} was changed by somebody else meanwhile`),
  );
  const outcome = await store.write([update, auditStep(store, audit)]);
  const row = outcome.rows(update)[0];
  if (row === undefined) throw gone(source);
  return sourceOf(row);
}

/** Nobody is given it from now on. `not_found`. */
export async function removeDataSource(store: Store, source: string, at: number, audit: AuditEntry): Promise<void> {
  const remove = must(
    store.sql
      .updateTable("data_sources")
      .set({ removed_at: at })
      .where("source", "=", source)
      .where("removed_at", "is", null)
      .returning("source"),
    () => gone(source),
  );
  await store.write([remove, auditStep(store, audit)]);
}

/** What was removed, and of which nothing is given any more, is forgotten. */
export async function forgetDataSource(store: Store, source: string): Promise<void> {
  const held = store.sql.selectFrom("data_accesses").select("role").where("data_accesses.source", "=", source);
  await store.write([
    run(
      store.sql
        .deleteFrom("data_sources")
        .where("source", "=", source)
        .where("removed_at", "is not", null)
        .where(({ not, exists }) => not(exists(held))),
    ),
  ]);
}

function sourceOf({ facts, login, removed_at: removedAt }: Tables["data_sources"]): DataSourceRow {
  return { ...fromText<PostgresSource>(facts), login, ...(removedAt === null ? {} : { removedAt }) };
}

function gone(source: string): RepositoryError {
  return new RepositoryError("not_found", `there is no data source ${source}`);
}
