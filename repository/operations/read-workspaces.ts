import { listed } from "../listed.ts";
import type { WorkspaceFilter, WorkspaceRow } from "../repository.ts";
import type { Store } from "../store.ts";
import { workspaceOf } from "../workspace-row.ts";

export async function readWorkspace(store: Store, id: string): Promise<WorkspaceRow | undefined> {
  const [rows] = await store.read(store.sql.selectFrom("workspaces").selectAll().where("id", "=", id));
  return rows[0] === undefined ? undefined : workspaceOf(rows[0]);
}

/** In the order in which they were requested. */
export async function readWorkspaces(store: Store, filter: WorkspaceFilter): Promise<readonly WorkspaceRow[]> {
  if (filter.states?.length === 0 || filter.ids?.length === 0) return [];
  let query = store.sql.selectFrom("workspaces").selectAll().orderBy("requested_at").orderBy("id");
  if (filter.owner !== undefined) query = query.where("owner", "=", filter.owner);
  if (filter.persona !== undefined) query = query.where("persona", "=", filter.persona);
  if (filter.states !== undefined) query = query.where("state", "in", filter.states);
  if (filter.ids !== undefined) query = query.where("id", "in", listed(filter.ids));
  if (filter.expiring === true) query = query.where("expires_at", "is not", null);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  const [rows] = await store.read(query);
  return rows.map(workspaceOf);
}
