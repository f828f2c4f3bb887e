import { eventPageSchema, Refusal, type WorkspaceEvent } from "@guise/contract";
import { type EventPosition, eventPosition, type Repository } from "#repository";
import { type Call, callerOf, workspaceOf } from "../call.ts";
import { EventStream } from "../event-stream.ts";
import { type Answer, httpRoute } from "../route.ts";
import { workspaceParams } from "../schemas.ts";
import { StreamGuard } from "../stream-guard.ts";
import { workspaceResource } from "../workspace-resource.ts";
import { ownView } from "./workspaces.ts";

export const workspaceEvents = httpRoute({
  id: "workspace_events",
  method: "GET",
  url: "/v1/workspaces/:workspace/events",
  tag: "workspaces",
  summary: "What happens to a workspace, as it happens",
  description:
    "With `Accept: text/event-stream` a stream: first the durable events after `Last-Event-ID` (all without it), then events as they happen, until the workspace is released. Else the durable events as a list.",
  target: "workspace",
  stream: true,
  params: workspaceParams,
  headers: { "Last-Event-ID": { description: "Id of the last event that you saw.", required: false } },
  answers: {
    200: {
      description: "Events; data of each is a WorkspaceEvent.",
      schema: eventPageSchema,
      mediaTypes: ["application/json", "text/event-stream"],
    },
  },
  async act(call) {
    const after = lastSeen(call);
    if (call.request.headers.accept?.includes("text/event-stream") === true) return follow(call, after);
    const { events } = await eventsAfter(call, after);
    return { status: 200, body: { items: events } };
  },
});

/** What the reader saw last; it goes on behind that, also within one revision. */
function lastSeen(call: Call): EventPosition | undefined {
  const id = call.request.headers["last-event-id"];
  if (id === undefined || id === "") return undefined;
  const position = typeof id === "string" ? eventPosition(id) : undefined;
  if (position?.workspace === workspaceOf(call).id) return position;
  throw new Refusal("invalid", "The Last-Event-ID is not from this workspace.");
}

function eventsAfter(call: Call, after: EventPosition | undefined): ReturnType<Repository["events"]> {
  return call.services.repository.events(workspaceOf(call).id, after?.revision ?? 0, after?.part ?? 0);
}

async function follow(call: Call, after: EventPosition | undefined): Promise<Answer> {
  const { services, reply } = call;
  const row = workspaceOf(call);
  const stream = new EventStream(reply.raw, services.unread.share());
  reply.hijack();
  stream.open(Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)])));
  const guard = new StreamGuard(services, {
    principal: callerOf(call),
    permission: "workspace_events",
    resource: workspaceResource(row),
    lost: () => stream.end(),
  });
  const delivery = new Delivery(stream, guard, (event) => withSnapshot(call, event));
  const unsubscribe = services.liveEvents.subscribe(row.id, (event) => delivery.live(event));
  const stopBeating = beat(services, stream);
  const end = () => stream.end();
  services.closing.addEventListener("abort", end, { once: true });
  stream.onClose(() => {
    unsubscribe();
    stopBeating();
    guard.stop();
    services.closing.removeEventListener("abort", end);
  });
  if (services.closing.aborted) stream.end();
  try {
    await replay(call, after, delivery, stream);
  } catch (error) {
    // The answer has begun, so the reader learns by the end of it, and asks again.
    services.log.error({ err: error, request: call.request.id }, "events could not be read");
    stream.end();
  }
  return "sent";
}

async function replay(call: Call, after: EventPosition | undefined, delivery: Delivery, stream: EventStream): Promise<void> {
  const { events, reset } = await eventsAfter(call, after);
  const row = workspaceOf(call);
  if (reset) {
    const fresh = (await call.services.repository.workspace(row.id)) ?? row;
    const at = new Date(call.services.clock.now()).toISOString();
    delivery.replayed({ kind: "reset", workspace: row.id, at, snapshot: await ownView(call, fresh) });
  }
  // At the reader's own pace: a long life is longer than what may wait unread.
  for (const event of events) {
    delivery.replayed(event);
    await stream.taken();
  }
  delivery.goLive();
  if (row.state === "released") stream.end();
}

/** A state told as it happens comes with the workspace, so that its reader need not ask for that; without, where it cannot be read. */
async function withSnapshot(call: Call, event: WorkspaceEvent): Promise<WorkspaceEvent> {
  const { repository, log } = call.services;
  try {
    const row = await repository.workspace(event.workspace);
    return row === undefined ? event : { ...event, snapshot: await ownView(call, row) };
  } catch (error) {
    log.warn({ err: error, workspace: event.workspace }, "a state was told without its workspace");
    return event;
  }
}

function beat(services: Call["services"], stream: EventStream): () => void {
  const { clock, limits } = services;
  let timer = clock.after(limits.heartbeat, next, { unref: true });
  function next(): void {
    stream.heartbeat();
    timer = clock.after(limits.heartbeat, next, { unref: true });
  }
  return () => timer.cancel();
}

/** Replayed events first, live ones behind them, in order, none twice, each only while it is permitted. */
class Delivery {
  readonly #stream: EventStream;
  readonly #guard: StreamGuard;
  readonly #withSnapshot: (event: WorkspaceEvent) => Promise<WorkspaceEvent>;
  readonly #replayed = new Set<string>();
  #held: WorkspaceEvent[] | undefined = [];
  /** The last delivery that waits for a snapshot, or behind one. */
  #turn: Promise<void> | undefined;

  constructor(stream: EventStream, guard: StreamGuard, withSnapshot: (event: WorkspaceEvent) => Promise<WorkspaceEvent>) {
    this.#stream = stream;
    this.#guard = guard;
    this.#withSnapshot = withSnapshot;
  }

  live(event: WorkspaceEvent): void {
    if (this.#held !== undefined) this.#held.push(event);
    else if (event.id === undefined || !this.#replayed.has(event.id)) this.#inTurn(event);
  }

  replayed(event: WorkspaceEvent): void {
    if (event.id !== undefined) this.#replayed.add(event.id);
    this.#deliver(event);
  }

  goLive(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.live(event);
  }

  #inTurn(event: WorkspaceEvent): void {
    if (this.#turn === undefined && event.kind !== "state") {
      this.#deliver(event);
      return;
    }
    const complete = event.kind === "state" ? this.#withSnapshot(event) : event;
    const turn = Promise.all([complete, this.#turn]).then(([told]) => {
      this.#deliver(told);
      if (this.#turn === turn) this.#turn = undefined;
    });
    this.#turn = turn;
  }

  #deliver(event: WorkspaceEvent): void {
    if (!this.#guard.permitted()) {
      this.#stream.end();
      return;
    }
    this.#stream.send(event);
    if (event.kind === "state" && event.state === "released") this.#stream.end();
  }
}
