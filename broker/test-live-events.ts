import type { WorkspaceEvent } from "@guise/contract";
import type { Repository } from "#repository";

type Listener = (event: WorkspaceEvent) => void;

/** Durable events of the repository after their commit, and transient ones that a test publishes. */
export class LiveEventsForTests {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #listenersToAll = new Set<Listener>();
  readonly #stop: () => void;

  constructor(repository: Repository) {
    this.#stop = repository.onEvents((events) => {
      for (const event of events) this.publish(event);
    });
  }

  subscribe(workspace: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(workspace) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(workspace, listeners);
    return () => listeners.delete(listener);
  }

  subscribeToAll(listener: Listener): () => void {
    this.#listenersToAll.add(listener);
    return () => this.#listenersToAll.delete(listener);
  }

  get listenersToAll(): number {
    return this.#listenersToAll.size;
  }

  listeners(workspace: string): number {
    return this.#listeners.get(workspace)?.size ?? 0;
  }

  publish(event: WorkspaceEvent): void {
    for (const listener of this.#listeners.get(event.workspace) ?? []) listener(event);
    for (const listener of this.#listenersToAll) listener(event);
  }

  close(): void {
    this.#stop();
  }
}
