import { sql } from "kysely";
import type { AnyStep, RunRow } from "../repository.ts";
import { run, type Step, type Store } from "../store.ts";

/** Before the row and its allocation change: from when to when it held its room. */
export function endRun(store: Store, { id, revision, at }: AnyStep): Step {
  const held = store.sql
    .selectFrom("workspaces")
    .innerJoin("allocations", "allocations.workspace", "workspaces.id")
    .where("workspaces.id", "=", id)
    .where("workspaces.revision", "=", revision)
    .where("admitted_at", "is not", null)
    .select(["workspaces.id", sql<number>`admitted_at`.as("admitted_at"), "persona", sql<number>`${at}`.as("ended_at")])
    .select(sql<number | null>`case when ready_at >= admitted_at then ready_at - admitted_at end`.as("ready_after"));
  return run(
    store.sql
      .insertInto("runs")
      .columns(["workspace", "admitted_at", "persona", "ended_at", "ready_after"])
      .expression(held)
      .onConflict((conflict) => conflict.doNothing()),
  );
}

export async function readRuns(
  store: Store,
  { persona, limit }: { readonly persona?: string; readonly limit: number },
): Promise<readonly RunRow[]> {
  const all = store.sql.selectFrom("runs").selectAll().orderBy("ended_at", "desc").limit(limit);
  const [rows] = await store.read(persona === undefined ? all : all.where("persona", "=", persona));
  return rows.map(({ persona: of, admitted_at, ended_at, ready_after }) => ({
    persona: of,
    held: Math.max(0, ended_at - admitted_at),
    ...(ready_after === null ? {} : { readyAfter: ready_after }),
  }));
}

export async function readTimeHeld(store: Store, workspace: string): Promise<number> {
  const held = sql<number | null>`sum(case when ended_at > admitted_at then ended_at - admitted_at else 0 end)`;
  const [rows] = await store.read(store.sql.selectFrom("runs").select(held.as("held")).where("workspace", "=", workspace));
  return rows[0]?.held ?? 0;
}
