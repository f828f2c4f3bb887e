import type { Clock, Log } from "#foundation";
import type { Repository, WorkspaceRow } from "#repository";
import { transitionOf } from "#workspace";
import { Timers } from "./timers.ts";

/** A state that cannot end now is looked at again, ms. */
const LOOK_AGAIN = 5_000;

/** Ends workspaces whose maximum lifetime is over: whatever runs or waits of them is given back. */
export class Lifetimes {
  readonly #repository: Repository;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #timers: Timers;
  /** Whose end is waited for, and when that is. */
  readonly #watched = new Map<string, number>();
  readonly #ended: (workspace: string) => void;

  /** `ended` is told of each workspace that was moved to `releasing`. */
  constructor(context: { readonly repository: Repository; readonly clock: Clock; readonly log: Log }, ended: (workspace: string) => void) {
    this.#repository = context.repository;
    this.#clock = context.clock;
    this.#log = context.log;
    this.#timers = new Timers(context.clock);
    this.#ended = ended;
  }

  watch(row: WorkspaceRow): void {
    // Once, and from then on by the monotonic clock: setting the machine's time ends nobody early.
    if (row.expiresAt === undefined || this.#watched.get(row.id) === row.expiresAt) return;
    this.#watched.set(row.id, row.expiresAt);
    this.#after(row.id, Math.max(0, row.expiresAt - this.#clock.now()));
  }

  forget(workspace: string): void {
    this.#watched.delete(workspace);
    this.#timers.cancel(workspace);
  }

  close(): void {
    this.#timers.close();
  }

  #after(id: string, milliseconds: number): void {
    this.#timers.set(id, milliseconds, () => {
      this.#end(id).catch((error: unknown) => {
        this.#log.warn({ err: error, workspace: id }, "the end of a lifetime could not be written; it is tried again");
        this.#after(id, LOOK_AGAIN);
      });
    });
  }

  #entry(target: string) {
    return { at: this.#clock.now(), actor: "guise", action: "end_lifetime", target, outcome: "done" } as const;
  }

  async #end(id: string): Promise<void> {
    const row = await this.#repository.workspace(id);
    if (row === undefined || row.expiresAt === undefined || row.state === "releasing" || row.state === "released") return;
    // By the wall clock, which may have been set back since: then the rest of the time is waited for.
    const left = row.expiresAt - this.#clock.now();
    if (left > 0 || transitionOf(row.state, "releasing") === undefined) return this.#after(id, Math.max(left, LOOK_AGAIN));
    await this.#repository.move({
      id,
      revision: row.revision,
      to: "releasing",
      reason: "lifetime_ended",
      at: this.#clock.now(),
      audit: this.#entry(id),
    });
    this.#ended(id);
  }
}
