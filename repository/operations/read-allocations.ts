import { listed } from "../listed.ts";
import type { AllocationRow } from "../repository.ts";
import type { Store } from "../store.ts";

/** Of all workspaces, or of these. */
export async function readAllocations(store: Store, workspaces?: readonly string[]): Promise<readonly AllocationRow[]> {
  if (workspaces?.length === 0) return [];
  const [rows] = await store.read(
    store.sql
      .selectFrom("allocations")
      .innerJoin("workspaces", "workspaces.id", "allocations.workspace")
      .selectAll("allocations")
      .select(["workspaces.priority", "workspaces.group_name", "workspaces.owner"])
      .$if(workspaces !== undefined, (query) => query.where("allocations.workspace", "in", listed(workspaces ?? [])))
      .orderBy("allocations.workspace"),
  );
  return rows.map(({ workspace, node, priority, group_name: group, owner, ...amounts }) => ({
    ...{ workspace, node, amounts, priority, group, owner },
  }));
}
