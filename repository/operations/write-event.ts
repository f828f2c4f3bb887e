import { sql } from "kysely";
import { bodyText, type EventBody } from "../event-row.ts";
import type { Step, Store } from "../store.ts";
import type { EventsTable } from "../tables.ts";

/** The event of the row's new revision. Its reason is read from the row, which the step before it wrote. */
export function stateEventStep(
  store: Store,
  event: { workspace: string; revision: number; at: number; body: EventBody },
): Step<EventsTable> {
  const query = store.sql
    .insertInto("events")
    .values(({ selectFrom }) => ({
      workspace: event.workspace,
      revision: event.revision,
      part: 0,
      kind: "state",
      at: event.at,
      reason: selectFrom("workspaces").select("reason").where("id", "=", event.workspace),
      body: bodyText(event.body),
    }))
    .returningAll();
  return { query, rule: "some", announces: true };
}

/** An event of what came about while the workspace was at its present revision; numbered after those that are there. */
export function innerEventStep(
  store: Store,
  event: { workspace: string; kind: "phase_finished" | "launch" | "killed"; at: number; body: EventBody },
): Step<EventsTable> {
  const present = sql<number>`(select revision from workspaces where id = ${event.workspace})`;
  const query = store.sql
    .insertInto("events")
    .values(({ selectFrom }) => ({
      workspace: event.workspace,
      revision: present,
      part: selectFrom("events")
        .select(sql<number>`coalesce(max(part), 0) + 1`.as("next"))
        .where("workspace", "=", event.workspace)
        .where("revision", "=", present),
      kind: event.kind,
      at: event.at,
      reason: null,
      body: bodyText(event.body),
    }))
    .returningAll();
  return { query, rule: "some", announces: true };
}
