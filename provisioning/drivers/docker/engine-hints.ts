import { createInterface } from "node:readline";
import type { Clock, Log } from "#foundation";
import type { EngineContext } from "./engine-context.ts";
import { LABELS, ownershipFilter } from "./labels.ts";

type Listener = (workspace: string | undefined) => void;

/** Pause before the event stream is opened again, ms. */
const RECONNECT = 1_000;

/**
 * The engine's events as hints: hints are lost at restarts and when many come at once, so nobody relies on them.
 * After each new connection one hint for "anything".
 */
export class EngineHints {
  readonly #context: EngineContext;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  readonly #ending = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(context: EngineContext, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
    this.#log = context.log;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#loop ??= this.#follow();
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#read(signal);
      } catch (error) {
        if (!signal.aborted) this.#log.debug({ error }, "the engine's events ended");
      }
      if (!signal.aborted) await this.#pause(signal);
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const label = ownershipFilter(this.#context.installation);
    // Not "oom": the engine tells each program that is killed for memory, some hundred a second where a sandbox wants that, and the kernel counts them.
    const filters = { type: ["container" as const], label, event: ["die", "destroy", "start", "pause", "unpause"] };
    const stream = await this.#context.client.getEvents({ filters, abortSignal: signal });
    const lines = createInterface({ input: stream });
    const stop = () => lines.close();
    signal.addEventListener("abort", stop, { once: true });
    this.#tell(undefined);
    try {
      for await (const line of lines) this.#tell(workspaceOf(line));
    } finally {
      signal.removeEventListener("abort", stop);
      if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
    }
  }

  #tell(workspace: string | undefined): void {
    for (const listener of this.#listeners) listener(workspace);
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = () => {
        timer.cancel();
        resolve();
      };
      const timer = this.#clock.after(
        RECONNECT,
        () => {
          signal.removeEventListener("abort", stop);
          resolve();
        },
        { unref: true },
      );
      signal.addEventListener("abort", stop, { once: true });
    });
  }
}

/** The workspace that an event is about, where it says so. */
export function workspaceOf(line: string): string | undefined {
  try {
    const event: unknown = JSON.parse(line);
    const attributes = at(at(event, "Actor"), "Attributes");
    const workspace = at(attributes, LABELS.workspace);
    return typeof workspace === "string" ? workspace : undefined;
  } catch {
    return undefined;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}
