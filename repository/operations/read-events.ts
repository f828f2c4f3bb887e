import type { WorkspaceEvent } from "@guise/contract";
import { sql } from "kysely";
import { eventOf } from "../event-row.ts";
import { RepositoryError } from "../repository-error.ts";
import type { Store } from "../store.ts";

export async function readEvents(
  store: Store,
  id: string,
  afterRevision: number,
  afterPart = 0,
): Promise<{ events: readonly WorkspaceEvent[]; reset: boolean }> {
  const [workspaces, bounds, events] = await store.read(
    store.sql.selectFrom("workspaces").select("revision").where("id", "=", id),
    store.sql.selectFrom("events").select(sql<number | null>`min(revision)`.as("oldest")).where("workspace", "=", id),
    store.sql
      .selectFrom("events")
      .selectAll()
      .where("workspace", "=", id)
      .where(({ or, and, eb }) =>
        or([eb("revision", ">", afterRevision), and([eb("revision", "=", afterRevision), eb("part", ">", afterPart)])]),
      )
      .orderBy("revision")
      .orderBy("part"),
  );
  const present = workspaces[0];
  if (present === undefined) throw new RepositoryError("not_found", `there is no workspace ${id}`);
  const reset = isReset({ afterRevision, present: present.revision, oldest: bounds[0]?.oldest ?? present.revision + 1 });
  return { events: events.map(eventOf), reset };
}

/** What came about at `afterRevision` itself counts too, so that revision must still be there; revisions begin with 1. */
function isReset(seen: { afterRevision: number; present: number; oldest: number }): boolean {
  return seen.afterRevision > seen.present || seen.oldest > Math.max(seen.afterRevision, 1);
}
