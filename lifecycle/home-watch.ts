import { type Clock, codeOf, type Log, repeat } from "#foundation";
import type { Driver } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import { type Fullness, fullnessOf, type HomeRoom } from "#usage";
import type { LiveEvents } from "./live-events.ts";
import { Looks } from "./looks.ts";
import { handleOf } from "./steps/handle.ts";

/** How often every home in use is looked at, ms. */
const PERIOD = 15_000;

export interface HomeWatchOptions {
  readonly repository: Pick<Repository, "workspaces">;
  readonly driver: Pick<Driver, "usage" | "name">;
  readonly live: Pick<LiveEvents, "publish">;
  readonly clock: Clock;
  readonly log: Log;
  /** A home has no room left that had some at the look before. */
  readonly filled: (row: WorkspaceRow, room: HomeRoom) => Promise<void>;
  readonly period?: number;
}

/** Tells people when the home of their workspace fills up. What a full one does to programs is the file system's; nothing is ended for it. */
export class HomeWatch {
  readonly #options: HomeWatchOptions;
  readonly #known = new Map<string, Fullness>();
  readonly #looks: Looks;
  #endTurns = async () => {};

  constructor(options: HomeWatchOptions) {
    this.#options = options;
    this.#looks = new Looks(options.clock);
  }

  begin(): void {
    const { clock, log, period = PERIOD } = this.#options;
    this.#endTurns = repeat({ clock, log, pause: period, failed: "homes could not be looked at" }, () => this.#turn());
  }

  stop(): Promise<void> {
    return this.#endTurns();
  }

  /** As of the last look; undefined where there was none. */
  fullnessOf(workspace: string): Fullness | undefined {
    return this.#known.get(workspace);
  }

  async #turn(): Promise<void> {
    const rows = this.#options.driver.usage === undefined ? [] : await this.#options.repository.workspaces({ states: ["ready"] });
    for (const id of this.#known.keys()) if (!rows.some((row) => row.id === id)) this.#known.delete(id);
    await this.#looks.round(rows, (row) => this.#lookAt(row));
  }

  async #lookAt(row: WorkspaceRow): Promise<void> {
    const { driver, live, log } = this.#options;
    try {
      const room = await driver.usage?.homeRoom(handleOf({ driver }, row));
      if (room === undefined) return void this.#known.delete(row.id);
      const fullness = fullnessOf(room);
      const before = this.#known.get(row.id)?.state ?? "roomy";
      this.#known.set(row.id, fullness);
      if (fullness.state === before) return;
      live.publish({ kind: "home", workspace: row.id, state: "ready", message: fullness.why });
      if (fullness.state === "full") await this.#options.filled(row, room);
    } catch (error) {
      // What is not seen now stands as it was seen last; a sandbox that just ended is not asked about again.
      if (codeOf(error) === undefined) log.warn({ err: error, workspace: row.id }, "a home could not be looked at");
    }
  }
}
