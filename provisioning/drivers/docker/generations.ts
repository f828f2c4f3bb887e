/** The generations that this process knows to live or to be starting: what the sweeper leaves alone. */
export class Generations {
  readonly #live = new Set<string>();
  readonly #starting = new Map<string, { readonly abort: AbortController; readonly ended: Promise<unknown> }>();

  add(workspace: string, generation: number): void {
    this.#live.add(key(workspace, generation));
  }

  remove(workspace: string, generation: number): void {
    this.#live.delete(key(workspace, generation));
  }

  isAlive(workspace: string, generation: number): boolean {
    return this.#live.has(key(workspace, generation)) || this.#starting.has(key(workspace, generation));
  }

  isWorkspaceAlive(workspace: string): boolean {
    const prefix = `${workspace}/`;
    return [...this.#live, ...this.#starting.keys()].some((name) => name.startsWith(prefix));
  }

  /** Runs a start; the generation lives from its success on. `cancelStart` ends it. */
  async starting<T>(workspace: string, generation: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const running = work(abort.signal);
    const ended = running.catch(() => {});
    this.#starting.set(key(workspace, generation), { abort, ended });
    try {
      const result = await running;
      this.add(workspace, generation);
      return result;
    } finally {
      this.#starting.delete(key(workspace, generation));
    }
  }

  /** Whoever destroys a generation that is still starting ends that start first, and waits for its cleaning up. */
  async cancelStart(workspace: string, generation: number): Promise<void> {
    const start = this.#starting.get(key(workspace, generation));
    start?.abort.abort();
    await start?.ended;
  }
}

const key = (workspace: string, generation: number): string => `${workspace}/${generation}`;
