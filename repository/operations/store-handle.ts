import { toText } from "../json-text.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";

export async function storeHandle(store: Store, id: string, generation: number, handle: unknown): Promise<void> {
  const present = run(store.sql.selectFrom("workspaces").select("generation").where("id", "=", id));
  const update = must(
    store.sql
      .updateTable("workspaces")
      .set({ handle: toText(handle) })
      .where("id", "=", id)
      .where("generation", "=", generation)
      .returning("id"),
    (outcome) => {
      const row = outcome.rows(present)[0];
      if (row === undefined) return new RepositoryError("not_found", `there is no workspace ${id}`);
      return new RepositoryError("stale_generation", `workspace ${id} is at generation ${row.generation}, not ${generation}`);
    },
  );
  await store.write([present, update]);
}
