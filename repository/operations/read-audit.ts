import { fromText } from "../json-text.ts";
import type { AuditRow } from "../repository.ts";
import type { Store } from "../store.ts";

export async function readAudit(store: Store, after: number, limit: number): Promise<readonly AuditRow[]> {
  const query = store.sql.selectFrom("audit").selectAll().where("sequence", ">", after).orderBy("sequence").limit(limit);
  const [rows] = await store.read(query);
  return rows.map(({ facts, ...row }) => ({ ...row, ...(facts === null ? {} : { facts: fromText<Record<string, unknown>>(facts) }) }));
}
