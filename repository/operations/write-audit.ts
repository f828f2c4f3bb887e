import { sql } from "kysely";
import { toText } from "../json-text.ts";
import type { AuditEntry } from "../repository.ts";
import { run, type Step, type Store } from "../store.ts";

/** Part of the act's own write: an act without its row, or a row without its act, cannot be. */
export function auditStep(store: Store, entry: AuditEntry): Step {
  return run(
    store.sql.insertInto("audit").values(({ selectFrom }) => ({
      sequence: selectFrom("audit").select(sql<number>`coalesce(max(sequence), 0) + 1`.as("next")),
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      outcome: entry.outcome,
      facts: entry.facts === undefined ? null : toText(entry.facts),
    })),
  );
}

export async function writeAudit(store: Store, entry: AuditEntry): Promise<void> {
  await store.write([auditStep(store, entry)]);
}
