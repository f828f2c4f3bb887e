import { sql } from "kysely";
import { run, type Store } from "../store.ts";

/** The name of the control loop's lease. */
export const LOOP_LEASE = "loop";

export async function takeLease(store: Store, holder: string, milliseconds: number): Promise<boolean> {
  const taken = run(
    store.sql
      .insertInto("leases")
      .values({ name: LOOP_LEASE, holder, expires_at: sql<number>`${store.databaseNow} + ${milliseconds}` })
      .onConflict((conflict) =>
        conflict
          .column("name")
          .doUpdateSet({ holder, expires_at: sql<number>`${store.databaseNow} + ${milliseconds}` })
          .where(({ or, eb }) => or([eb("leases.holder", "=", holder), eb("leases.expires_at", "<=", store.databaseNow)])),
      )
      .returning("holder"),
  );
  // Before the answer, and without regard to it: who did not get the lease must not move anything either.
  store.loop.holder = holder;
  const outcome = await store.write([taken]);
  return outcome.rows(taken).length > 0;
}

/** After it, moves through this store fail with `lease_lost` until the lease is taken again. */
export async function releaseLease(store: Store, holder: string): Promise<void> {
  await store.write([run(store.sql.deleteFrom("leases").where("name", "=", LOOP_LEASE).where("holder", "=", holder))]);
}

/** For a back end whose own lock shows, at opening, that nobody holds the lease: what a dead process left does not delay the next one. */
export async function clearLeases(store: Store): Promise<void> {
  await store.write([run(store.sql.deleteFrom("leases"))]);
}
