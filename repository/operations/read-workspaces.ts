import type { WorkspaceState } from "@guise/contract";
import { sql } from "kysely";
import { SETTLED_STATES } from "#workspace";
import type { WorkspaceFilter, WorkspaceRow } from "../repository.ts";
import type { Store } from "../store.ts";
import { workspaceOf } from "../workspace-row.ts";

export async function readWorkspace(store: Store, id: string): Promise<WorkspaceRow | undefined> {
  const [rows] = await store.read(store.sql.selectFrom("workspaces").selectAll().where("id", "=", id));
  return rows[0] === undefined ? undefined : workspaceOf(rows[0]);
}

/** Written out, not bound: only so does SQLite see for certain that an index of the living serves. */
const RELEASED = sql.lit<WorkspaceState>("released");

/** In the order in which they were requested. */
export async function readWorkspaces(store: Store, filter: WorkspaceFilter): Promise<readonly WorkspaceRow[]> {
  let query = store.sql.selectFrom("workspaces").selectAll().orderBy("requested_at").orderBy("id");
  if (filter.owner !== undefined) query = query.where("owner", "=", filter.owner);
  if (filter.persona !== undefined) query = query.where("persona", "=", filter.persona);
  if (filter.states !== undefined) query = query.where("state", "in", filter.states);
  if (filter.unsettled === true) {
    query = query
      .where("state", "<>", RELEASED)
      .where(({ or, eb, ref }) =>
        or([
          eb("state", "not in", SETTLED_STATES),
          eb("state", "<>", ref("desired")),
          eb.and([eb("state", "=", "ready"), eb("wanted_demand", "is not", null)]),
        ]),
      );
  }
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  if (filter.states?.length === 0) return [];
  const [rows] = await store.read(query);
  return rows.map(workspaceOf);
}
