import type { AuditEntry, DesiredChange, WorkspaceRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { workspaceOf } from "../workspace-row.ts";
import { allowanceSteps } from "./allowance.ts";
import { auditStep } from "./write-audit.ts";

/** The last word counts, but for release: what is being given back is given back. */
export async function setDesired(store: Store, id: string, change: DesiredChange, audit: AuditEntry): Promise<WorkspaceRow> {
  const { desired, reason, by, note, dropHome, keepHome, most = {} } = change;
  const present = run(store.sql.selectFrom("workspaces").select("id").where("id", "=", id));
  const owner = store.sql.selectFrom("workspaces as it").select("it.owner").where("it.id", "=", id).$castTo<string>();
  const update = must(
    store.sql
      .updateTable("workspaces")
      .set({ desired, desired_reason: reason, desired_by: by, desired_note: note ?? null, ...(dropHome === true ? { drop_home: 1 } : {}) })
      .where("id", "=", id)
      .$if(desired !== "released", (query) => query.where("desired", "<>", "released").where("state", "not in", ["releasing", "released"]))
      .returningAll(),
    (outcome) =>
      outcome.rows(present).length === 0
        ? new RepositoryError("not_found", `there is no workspace ${id}`)
        : new RepositoryError("invalid_transition", `workspace ${id} is being given back`),
  );
  const kept = keepHome === true ? [run(store.sql.updateTable("homes").set({ keep: 1 }).where("workspace", "=", id))] : [];
  const outcome = await store.write([present, ...allowanceSteps(store, owner, most), update, ...kept, auditStep(store, audit)]);
  const row = outcome.rows(update)[0];
  if (row === undefined) throw new RepositoryError("not_found", `there is no workspace ${id}`);
  return workspaceOf(row);
}
