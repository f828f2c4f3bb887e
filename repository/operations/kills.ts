import type { LimitNote } from "@guise/contract";
import { eventOf } from "../event-row.ts";
import { RepositoryError } from "../repository-error.ts";
import type { Store } from "../store.ts";
import { innerEventStep } from "./write-event.ts";

/** An event is all there is of it: nothing else of the workspace changes. */
export async function recordKill(store: Store, workspace: string, note: LimitNote): Promise<void> {
  const [rows] = await store.read(store.sql.selectFrom("workspaces").select("id").where("id", "=", workspace));
  if (rows[0] === undefined) throw new RepositoryError("not_found", `there is no workspace ${workspace}`);
  const body = { message: note.message, limit: note };
  await store.write([innerEventStep(store, { workspace, kind: "killed", at: Date.parse(note.at), body })]);
}

export async function readKills(store: Store, workspace: string, limit: number): Promise<readonly LimitNote[]> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("events")
      .selectAll()
      .where("workspace", "=", workspace)
      .where("kind", "=", "killed")
      .orderBy("revision", "desc")
      .orderBy("part", "desc")
      .limit(limit),
  );
  return rows.map(eventOf).flatMap(({ limit: note }) => (note === undefined ? [] : [note]));
}
