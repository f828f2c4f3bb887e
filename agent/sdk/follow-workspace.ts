import { EVENT_KINDS, type WorkspaceEvent, type WorkspaceView } from "@guise/contract";
import { AgentError, aborted, hasCode } from "./agent-error.ts";
import { backOff } from "./back-off.ts";
import { eventStreamReader } from "./server-sent-events.ts";
import type { Transport } from "./transport.ts";

/** What following a workspace shows: its events, its state as read, and the connection coming and going. */
export type Progress =
  | WorkspaceEvent
  | { readonly kind: "workspace"; readonly workspace: WorkspaceView }
  /** No version of the persona can be used yet; the first is being built. */
  | { readonly kind: "build"; readonly percent?: number; readonly message?: string }
  | { readonly kind: "connection"; readonly connected: boolean; readonly attempt: number };

export interface FollowOptions {
  /** Revision whose events are known already; only later ones are given. */
  readonly since?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Ms between looks where the events are not the caller's to see: an operator who stops somebody's workspace. */
const LOOK_EACH = 500;

/** A stream without a byte for so long, in ms, is taken for a dead connection; the broker sends a comment far more often. */
const LONGEST_SILENCE = 60_000;

/**
 * Events from `since` on, for as long as the caller reads. After a drop it reconnects with Last-Event-ID and reads the present state too,
 * so that nothing is lost, whatever the broker still keeps. Durable events come once and in order.
 * Ends when the workspace is released.
 * Throws AgentError: `unreachable` after the transport's patience, `aborted`, or what the broker refuses with.
 */
export async function* followWorkspace(transport: Transport, id: string, options: FollowOptions = {}): AsyncGenerator<Progress> {
  const { timing, patience } = transport.parts;
  let seen: Position = { id: `${id}.${options.since ?? 0}`, revision: options.since ?? 0, part: -1 };
  let released = false;
  let lostAt: number | undefined;
  for (let attempt = 0; ; attempt++) {
    if (options.signal?.aborted === true) throw aborted();
    try {
      await using stream = await openEvents(transport, id, seen, options.signal);
      if (lostAt !== undefined) yield { kind: "connection", connected: true, attempt };
      lostAt = undefined;
      attempt = 0;
      const workspace = await readWorkspace(transport, id, options.signal);
      yield { kind: "workspace", workspace };
      released = workspace.state === "released";
      for await (const event of stream.events) {
        const position = positionOf(event, id);
        if (position !== undefined && !isLater(position, seen)) continue;
        seen = position ?? seen;
        released ||= event.state === "released";
        yield event;
        if (event.kind === "reset") yield { kind: "workspace", workspace: await workspaceAfter(transport, event, options.signal) };
      }
      if (released) return;
    } catch (error) {
      if (hasCode(error, "not_found", "not_permitted")) return yield* looks(transport, id, options.signal);
      if (!hasCode(error, "unreachable", "unavailable", "too_many_requests")) throw error;
      if (lostAt !== undefined && timing.now() - lostAt > patience) throw error;
    }
    if (lostAt === undefined) yield { kind: "connection", connected: false, attempt };
    lostAt ??= timing.now();
    await timing.wait(backOff(attempt, timing.random), options.signal);
  }
}

/** Its states as they are read. */
async function* looks(transport: Transport, id: string, signal: AbortSignal | undefined): AsyncGenerator<Progress> {
  for (;;) {
    const workspace = await readWorkspace(transport, id, signal);
    yield { kind: "workspace", workspace };
    if (workspace.state === "released") return;
    await transport.parts.timing.wait(LOOK_EACH, signal);
    if (signal?.aborted === true) throw aborted();
  }
}

/** The workspace after an event: as it came with that, else as it is read. */
export async function workspaceAfter(transport: Transport, event: WorkspaceEvent, signal: AbortSignal | undefined): Promise<WorkspaceView> {
  const snapshot = event.snapshot as WorkspaceView | undefined;
  return snapshot ?? readWorkspace(transport, event.workspace, signal);
}

export function readWorkspace(transport: Transport, id: string, signal: AbortSignal | undefined): Promise<WorkspaceView> {
  return transport.json<WorkspaceView>("GET", `/workspaces/${encodeURIComponent(id)}`, { repeatable: true, signal });
}

interface EventStream extends AsyncDisposable {
  readonly events: AsyncGenerator<WorkspaceEvent>;
}

async function openEvents(transport: Transport, id: string, seen: Position, signal: AbortSignal | undefined): Promise<EventStream> {
  const silence = new AbortController();
  const both = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  const answer = await transport.openOnce("GET", `/workspaces/${encodeURIComponent(id)}/events`, {
    headers: { accept: "text/event-stream", "last-event-id": seen.id },
    signal: both,
  });
  if (answer.body === null) throw new AgentError("unavailable", "Guise sent no event stream.");
  return {
    events: eventsIn(answer.body, silence, transport, signal),
    async [Symbol.asyncDispose]() {
      silence.abort();
    },
  };
}

async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  silence: AbortController,
  transport: Transport,
  signal: AbortSignal | undefined,
): AsyncGenerator<WorkspaceEvent> {
  const read = eventStreamReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const watch = setTimeout(() => silence.abort(), LONGEST_SILENCE);
    const piece = await reader
      .read()
      .catch((error: unknown) => {
        if (signal?.aborted === true) throw aborted(error);
        throw new AgentError("unreachable", `The event stream of ${transport.parts.broker.origin} broke off.`, { cause: error });
      })
      .finally(() => clearTimeout(watch));
    if (piece.done) return;
    for (const { data } of read(decoder.decode(piece.value, { stream: true }))) {
      const event = eventFrom(data);
      if (event !== undefined) yield event;
    }
  }
}

/** Kinds that a newer broker sends are passed over: the API only grows. */
function eventFrom(data: string): WorkspaceEvent | undefined {
  try {
    const event = JSON.parse(data) as WorkspaceEvent;
    return Object.hasOwn(EVENT_KINDS, event.kind) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Where in its life a durable event stands; one revision may have several. */
interface Position {
  /** What Last-Event-ID says. */
  readonly id: string;
  readonly revision: number;
  readonly part: number;
}

function positionOf(event: WorkspaceEvent, id: string): Position | undefined {
  if (event.id === undefined || !event.id.startsWith(`${id}.`)) return undefined;
  const match = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(event.id.slice(id.length + 1));
  return match === null ? undefined : { id: event.id, revision: Number(match[1]), part: Number(match[2] ?? 0) };
}

function isLater(position: Position, than: Position): boolean {
  return position.revision > than.revision || (position.revision === than.revision && position.part > than.part);
}
