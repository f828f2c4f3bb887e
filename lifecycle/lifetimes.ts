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
    if (row.expiresAt === undefined) return;
    this.#after(row.id, Math.max(0, row.expiresAt - this.#clock.now()));
  }

  forget(workspace: string): void {
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

  async #end(id: string): Promise<void> {
    const row = await this.#repository.workspace(id);
    if (row === undefined || row.expiresAt === undefined || row.state === "releasing" || row.state === "released") return;
    // By the wall clock, which may have been set back since: then the rest of the time is waited for.
    const left = row.expiresAt - this.#clock.now();
    if (left > 0 || transitionOf(row.state, "releasing") === undefined) return this.#after(id, Math.max(left, LOOK_AGAIN));
    await this.#repository.move({ id, revision: row.revision, to: "releasing", reason: "lifetime_ended", at: this.#clock.now() });
    this.#ended(id);
  }
}
