import {
  endIsNear,
  formatDuration,
  LONG_WAIT,
  NOTICE_TITLES,
  type NoticeKind,
  type Preferences,
  plainText,
  REASONS,
  type WorkspaceEvent,
} from "@guise/contract";
import type { NoticeRow, NoticeWay, StoredNotice, WorkspaceRow } from "#repository";

/** What is told to whom. Pure. */

export interface Told {
  /** The same for the same thing. */
  readonly id: string;
  readonly owner: string;
  readonly notice: StoredNotice;
}

/** News for a day. */
const NEWS_FOR = 24 * 3_600_000;
/** A warning is no news any more when what it warns of has come about. */
const WARNING_FOR = 15 * 60_000;

type Named = Pick<WorkspaceRow, "id" | "owner" | "persona" | "personaName" | "environment" | "name">;

/** What its person is told of the state that a workspace is in: `events` are its durable ones, oldest first. */
export function toldOfState(row: Named & Pick<WorkspaceRow, "state">, events: readonly WorkspaceEvent[]): Told | undefined {
  const states = events.filter(({ kind }) => kind === "state");
  const last = states.at(-1);
  if (last?.id === undefined || last.state !== row.state) return undefined;
  const at = Date.parse(last.at);
  if (row.state === "failed") {
    const why = REASONS[last.reason as keyof typeof REASONS] ?? "";
    return told(row, last.id, {
      kind: "failed",
      title: NOTICE_TITLES.failed,
      message: `${why} Its files are kept; open it to try again.`.trim(),
      until: at + NEWS_FOR,
    });
  }
  const waited = row.state === "ready" ? at - waitedSince(states, at) : 0;
  if (waited < LONG_WAIT) return undefined;
  return told(row, last.id, {
    kind: "ready",
    title: NOTICE_TITLES.ready,
    message: `It took ${formatDuration(roundly(waited))}.`,
    until: at + NEWS_FOR,
  });
}

/** Since when it was on its way to what it is: behind the last state in which nobody waited. */
function waitedSince(states: readonly WorkspaceEvent[], at: number): number {
  const before = states.slice(0, -1);
  const onTheWay = before.slice(before.findLastIndex(({ state }) => state !== "queued" && state !== "provisioning") + 1);
  return onTheWay[0] === undefined ? at : Date.parse(onTheWay[0].at);
}

/** It is paused soon, for nobody uses it. */
export function toldOfIdleness(row: Named & Pick<WorkspaceRow, "generation">, message: string, now: number): Told {
  const sentence = `It is ${message}.`;
  return told(row, `${row.id}.${row.generation}.idle.${now}`, {
    kind: "stopping",
    title: NOTICE_TITLES.pausing,
    message: sentence,
    until: now + WARNING_FOR,
  });
}

/** Its lifetime ends soon. */
export function toldOfEnd(row: Named & Pick<WorkspaceRow, "readyAt" | "expiresAt">, now: number): Told | undefined {
  const { expiresAt: end, readyAt = 0 } = row;
  if (end === undefined || !endIsNear(readyAt, end, now)) return undefined;
  const message = `Its time is over in ${formatDuration(roundly(end - now))}. Take out what you need of it.`;
  return told(row, `${row.id}.end.${end}`, { kind: "stopping", title: NOTICE_TITLES.ending, message, until: end });
}

/** Whole seconds: nobody asks for less. */
function roundly(milliseconds: number): number {
  return Math.round(milliseconds / 1000) * 1000;
}

function told(row: Named, id: string, { kind, title, message, until }: Pick<StoredNotice, "kind" | "title" | "message" | "until">): Told {
  const { owner, id: workspace, persona, personaName, environment, name } = row;
  const called = plainText(name === "main" ? personaName : `${personaName} (${name})`, 150);
  return {
    id,
    owner,
    notice: {
      kind,
      workspace,
      persona,
      personaName,
      environment,
      name,
      title: `${called} ${title}`,
      message: plainText(message, 500),
      until,
    },
  };
}

/** By which ways: what its person switched off is told by none. */
export function rowsOf({ id, owner, notice }: Told, ways: readonly NoticeWay[], preferences: Preferences, now: number): NoticeRow[] {
  if (isOff(preferences, notice.kind)) return [];
  return ways.map((way) => ({ id, way, owner, notice, at: now, attempts: 0, nextAt: now }));
}

function isOff({ notices }: Preferences, kind: NoticeKind): boolean {
  return notices?.[kind] === false;
}

/** Ms until the next try, by how many there were: as the specification of webhooks has it, in five tries over eight hours. */
const PAUSES = [5_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 5 * 3_600_000];

/** Undefined: enough was tried. A little later than the table says, each by another share, so that what failed together does not come together. */
export function nextTry(attempts: number, now: number, share: number): number | undefined {
  const pause = PAUSES[attempts - 1];
  return pause === undefined ? undefined : now + Math.round(pause * (1 + share / 10));
}
