import type { Amounts } from "@guise/contract";
import { toText } from "../json-text.ts";
import type { AuditEntry, WorkspaceRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { workspaceOf } from "../workspace-row.ts";
import { auditStep } from "./write-audit.ts";

/** The last wish counts; only what is ready, and is to stay so, has limits that can be changed. */
export async function setWantedDemand(store: Store, id: string, amounts: Amounts, audit: AuditEntry): Promise<WorkspaceRow> {
  const present = run(store.sql.selectFrom("workspaces").select("id").where("id", "=", id));
  const update = must(
    store.sql
      .updateTable("workspaces")
      .set({ wanted_demand: toText(amounts) })
      .where("id", "=", id)
      .where("state", "=", "ready")
      .where("desired", "=", "ready")
      .returningAll(),
    (outcome) =>
      outcome.rows(present).length === 0
        ? new RepositoryError("not_found", `there is no workspace ${id}`)
        : new RepositoryError("invalid_transition", `workspace ${id} is not ready`),
  );
  const outcome = await store.write([present, update, auditStep(store, audit)]);
  const row = outcome.rows(update)[0];
  if (row === undefined) throw new RepositoryError("not_found", `there is no workspace ${id}`);
  return workspaceOf(row);
}
