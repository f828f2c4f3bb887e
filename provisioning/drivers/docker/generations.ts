import type { LiveGeneration } from "#provisioning";

type Named = Pick<LiveGeneration, "workspace" | "generation">;

/** The generations that this process knows to live or to be starting: what the sweeper leaves alone. */
export class Generations {
  readonly #live = new Map<string, LiveGeneration>();
  readonly #starting = new Map<
    string,
    { readonly of: LiveGeneration; readonly abort: AbortController; readonly ended: Promise<unknown> }
  >();

  add({ workspace, generation, home }: LiveGeneration): void {
    this.#live.set(key({ workspace, generation }), { workspace, generation, home });
  }

  remove(sandbox: Named): void {
    this.#live.delete(key(sandbox));
  }

  isAlive(workspace: string, generation: number): boolean {
    return this.#live.has(key({ workspace, generation })) || this.#starting.has(key({ workspace, generation }));
  }

  isWorkspaceAlive(workspace: string): boolean {
    return this.#all().some((sandbox) => sandbox.workspace === workspace);
  }

  isHomeInUse(home: string): boolean {
    return this.#all().some((sandbox) => sandbox.home === home);
  }

  /** Runs a start; the generation lives from its success on. `cancelStart` ends it. */
  async starting<T>(sandbox: LiveGeneration, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const running = work(abort.signal);
    const ended = running.catch(() => {});
    this.#starting.set(key(sandbox), { of: sandbox, abort, ended });
    try {
      const result = await running;
      this.add(sandbox);
      return result;
    } finally {
      this.#starting.delete(key(sandbox));
    }
  }

  /** Whoever destroys a generation that is still starting ends that start first, and waits for its cleaning up. */
  async cancelStart(sandbox: Named): Promise<void> {
    const start = this.#starting.get(key(sandbox));
    start?.abort.abort();
    await start?.ended;
  }

  #all(): LiveGeneration[] {
    return [...this.#live.values(), ...[...this.#starting.values()].map((start) => start.of)];
  }
}

const key = ({ workspace, generation }: Named): string => `${workspace}/${generation}`;
