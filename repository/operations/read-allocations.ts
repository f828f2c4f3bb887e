import type { AllocationRow } from "../repository.ts";
import type { Store } from "../store.ts";

export async function readAllocations(store: Store): Promise<readonly AllocationRow[]> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("allocations")
      .innerJoin("workspaces", "workspaces.id", "allocations.workspace")
      .selectAll("allocations")
      .select(["workspaces.priority", "workspaces.group_name"])
      .orderBy("allocations.workspace"),
  );
  return rows.map(({ workspace, node, priority, group_name, ...amounts }) => ({ workspace, node, amounts, priority, group: group_name }));
}
