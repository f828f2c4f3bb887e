import { EVENT_KINDS, type WorkspaceEvent } from "@guise/contract";
import type { Clock } from "#foundation";
import type { Repository } from "#repository";

export type EventListener = (event: WorkspaceEvent) => void;

/** Events of workspaces as they happen: durable ones after their commit, transient ones at once. */
export class LiveEvents {
  readonly #listeners = new Map<string, Set<EventListener>>();
  readonly #listenersToAll = new Set<EventListener>();
  readonly #clock: Clock;
  readonly #stop: () => void;

  constructor(repository: Repository, clock: Clock) {
    this.#clock = clock;
    this.#stop = repository.onEvents((events) => {
      for (const event of events) this.#tell(event);
    });
  }

  subscribe(workspace: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(workspace) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(workspace, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(workspace);
    };
  }

  /** Events of every workspace. */
  subscribeToAll(listener: EventListener): () => void {
    this.#listenersToAll.add(listener);
    return () => this.#listenersToAll.delete(listener);
  }

  /** Somebody listens to the workspace: what costs work to say is worth it. */
  isHeard(workspace: string): boolean {
    return this.#listenersToAll.size > 0 || this.#listeners.has(workspace);
  }

  /** A transient event: seen by who listens now, kept nowhere. */
  publish(event: Omit<WorkspaceEvent, "at" | "id">): void {
    if (EVENT_KINDS[event.kind].durable) throw new Error(`${event.kind} events are written by the repository`);
    if (this.isHeard(event.workspace)) this.#tell({ ...event, at: new Date(this.#clock.now()).toISOString() });
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
    this.#listenersToAll.clear();
  }

  #tell(event: WorkspaceEvent): void {
    for (const listener of this.#listeners.get(event.workspace) ?? []) listener(event);
    for (const listener of this.#listenersToAll) listener(event);
  }
}
