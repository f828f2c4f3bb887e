import { WORKSPACE_STATES, type WorkspaceState } from "@guise/contract";
import { sql } from "kysely";
import { SETTLED_STATES } from "#workspace";
import { fromText } from "../json-text.ts";
import { listed } from "../listed.ts";
import type { Page, PlaceInTime, QueuedWorkspace, QueueLength, Stay, Unsettled } from "../repository.ts";
import type { Store } from "../store.ts";

/** Reads over many workspaces at once: only the columns that are asked of all, page by page where a queue has no end. */

/** Written out, not bound: only so does SQLite see for certain that the index of the living serves. */
const RELEASED = sql.lit<WorkspaceState>("released");
const LIVING = WORKSPACE_STATES.filter((state) => state !== "released");

/** Those behind the place, in the order in which they were requested. */
function behind({ requestedAt, id }: PlaceInTime) {
  return sql<boolean>`(requested_at, id) > (${requestedAt}, ${id})`;
}

export async function readUnsettled(store: Store, { after, limit }: Page): Promise<readonly Unsettled[]> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("workspaces")
      .select(["id", "state", "desired", "requested_at as requestedAt"])
      .where("state", "<>", RELEASED)
      .where(({ or, eb, ref }) =>
        or([
          eb("state", "not in", SETTLED_STATES),
          eb("state", "<>", ref("desired")),
          eb.and([eb("state", "=", "ready"), eb("wanted_demand", "is not", null)]),
        ]),
      )
      .$if(after !== undefined, (query) => query.where(behind(after ?? { requestedAt: 0, id: "" })))
      .orderBy("requested_at")
      .orderBy("id")
      .limit(limit),
  );
  return rows;
}

export async function readQueued(store: Store, { after, limit }: Page): Promise<readonly QueuedWorkspace[]> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("workspaces")
      .select(["id", "owner", "group_name", "priority", "demand", "home", "desired", "queued_since", "requested_at"])
      .where("state", "=", "queued")
      .$if(after !== undefined, (query) => query.where(behind(after ?? { requestedAt: 0, id: "" })))
      .orderBy("requested_at")
      .orderBy("id")
      .limit(limit),
  );
  return rows.map(({ group_name: group, demand, queued_since: queuedSince, requested_at: requestedAt, ...row }) => ({
    ...row,
    group,
    demand: fromText<QueuedWorkspace["demand"]>(demand),
    queuedSince,
    requestedAt,
  }));
}

export async function readStays(
  store: Store,
  { states, ids }: { readonly states?: readonly WorkspaceState[]; readonly ids?: readonly string[] },
): Promise<readonly Stay[]> {
  if (states?.length === 0 || ids?.length === 0) return [];
  const [rows] = await store.read(
    store.sql
      .selectFrom("workspaces")
      .select(["id", "persona", "state", "desired", "admitted_at", "expires_at"])
      .$if(states !== undefined, (query) => query.where("state", "in", states ?? []))
      .$if(ids !== undefined, (query) => query.where("id", "in", listed(ids ?? []))),
  );
  return rows.map(({ admitted_at, expires_at, ...row }) => ({
    ...row,
    admittedAt: admitted_at ?? undefined,
    expiresAt: expires_at ?? undefined,
  }));
}

export async function readQueueLengths(store: Store): Promise<readonly QueueLength[]> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("workspaces")
      .select(({ fn }) => ["priority", fn.countAll<number>().as("count"), fn.min("queued_since").as("since")])
      .where("state", "=", "queued")
      .groupBy("priority"),
  );
  return rows;
}

export async function countWorkspaces(store: Store): Promise<ReadonlyMap<WorkspaceState, number>> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("workspaces")
      .select(({ fn }) => ["state", fn.countAll<number>().as("count")])
      .where("state", "in", LIVING)
      .groupBy("state"),
  );
  return new Map(rows.map(({ state, count }) => [state, count]));
}
