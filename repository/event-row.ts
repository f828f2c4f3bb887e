import type { WorkspaceEvent } from "@guise/contract";
import type { Selectable } from "kysely";
import { fromText, toText } from "./json-text.ts";
import type { EventsTable } from "./tables.ts";

/** Where a durable event stands among those of its workspace. */
export interface EventPosition {
  readonly workspace: string;
  readonly revision: number;
  readonly part: number;
}

/** What an event says beside its position, kind and time. */
export type EventBody = Omit<WorkspaceEvent, "id" | "kind" | "workspace" | "at" | "reason">;

/** `<workspace>.<revision>`, and `<workspace>.<revision>.<part>` for what came about while the workspace was at that revision. */
export function eventId({ workspace, revision, part }: EventPosition): string {
  return part === 0 ? `${workspace}.${revision}` : `${workspace}.${revision}.${part}`;
}

const EVENT_ID = /^([^.]+)\.(\d{1,15})(?:\.(\d{1,15}))?$/;

/** Undefined for what no durable event has as its id. */
export function eventPosition(id: string): EventPosition | undefined {
  const match = EVENT_ID.exec(id);
  if (match === null) return undefined;
  return { workspace: match[1] ?? "", revision: Number(match[2]), part: Number(match[3] ?? "0") };
}

export function eventOf(row: Selectable<EventsTable>): WorkspaceEvent {
  const body = fromText<EventBody>(row.body);
  const reason = row.reason === null ? {} : { reason: row.reason };
  return { id: eventId(row), kind: row.kind, workspace: row.workspace, at: new Date(row.at).toISOString(), ...reason, ...body };
}

export function bodyText(body: EventBody): string {
  return toText(body);
}
