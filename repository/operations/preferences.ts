import type { Preferences } from "@guise/contract";
import { fromText, toText } from "../json-text.ts";
import type { AuditEntry, PreferencesRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, mustNot, run, type Store } from "../store.ts";
import { auditStep } from "./write-audit.ts";

export async function readPreferences(store: Store, principal: string): Promise<PreferencesRow> {
  const [rows] = await store.read(present(store, principal));
  const row = rows[0];
  return row === undefined
    ? { revision: 0, preferences: {} }
    : { revision: row.revision, preferences: fromText<Preferences>(row.preferences) };
}

/** `stale_revision` where another than `revision` is there. */
export async function writePreferences(
  store: Store,
  principal: string,
  { revision, preferences }: PreferencesRow,
  audit: AuditEntry,
): Promise<PreferencesRow> {
  const stale = () => new RepositoryError("stale_revision", "the preferences were changed elsewhere meanwhile");
  const written = { revision: revision + 1, preferences: toText(preferences) };
  const steps =
    revision === 0
      ? [mustNot(present(store, principal), stale), run(store.sql.insertInto("preferences").values({ principal, ...written }))]
      : [
          must(
            store.sql
              .updateTable("preferences")
              .set(written)
              .where("principal", "=", principal)
              .where("revision", "=", revision)
              .returning("revision"),
            stale,
          ),
        ];
  await store.write([...steps, auditStep(store, audit)]);
  return { revision: revision + 1, preferences };
}

function present(store: Store, principal: string) {
  return store.sql.selectFrom("preferences").selectAll().where("principal", "=", principal);
}
