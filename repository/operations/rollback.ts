import type { AuditEntry, VersionRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { versionOf } from "../version-row.ts";
import { versionQuery } from "./read-versions.ts";
import { auditStep } from "./write-audit.ts";

export async function rollback(store: Store, persona: string, version: number, audit: AuditEntry): Promise<VersionRow> {
  const gone = () => new RepositoryError("not_found", `persona ${persona} has no version ${version}`);
  const wanted = versionQuery(store).where("versions.persona", "=", persona).where("versions.version", "=", version);
  const after = run(wanted);
  const outcome = await store.write([
    must(wanted, gone),
    must(
      wanted.where("versions.state", "=", "usable"),
      () => new RepositoryError("not_usable", `version ${version} of ${persona} is not usable`),
    ),
    run(store.sql.updateTable("personas").set({ latest: version }).where("persona", "=", persona)),
    after,
    auditStep(store, audit),
  ]);
  const row = outcome.rows(after)[0];
  if (row === undefined) throw gone();
  return versionOf(row);
}
