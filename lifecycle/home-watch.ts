import { type Clock, codeOf, type Log, repeat } from "#foundation";
import type { Driver } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import { type Fullness, fullnessOf } from "#usage";
import type { LiveEvents } from "./live-events.ts";
import { handleOf } from "./steps/end.ts";

/** How often every home in use is looked at, ms. */
const PERIOD = 15_000;

export interface HomeWatchOptions {
  readonly repository: Pick<Repository, "workspaces">;
  readonly driver: Pick<Driver, "usage" | "name">;
  readonly live: Pick<LiveEvents, "publish">;
  readonly clock: Clock;
  readonly log: Log;
  readonly period?: number;
}

/** Tells people when the home of their workspace fills up. What a full one does to programs is the file system's; nothing is ended for it. */
export class HomeWatch {
  readonly #options: HomeWatchOptions;
  #known = new Map<string, Fullness>();
  #endTurns = async () => {};

  constructor(options: HomeWatchOptions) {
    this.#options = options;
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
    const looked = new Map<string, Fullness>();
    for (const row of rows) {
      const fullness = await this.#look(row);
      if (fullness === undefined) continue;
      looked.set(row.id, fullness);
      if (fullness.state !== (this.#known.get(row.id)?.state ?? "roomy"))
        this.#options.live.publish({ kind: "home", workspace: row.id, state: "ready", message: fullness.why });
    }
    this.#known = looked;
  }

  /** A sandbox that just ended says nothing. */
  async #look(row: WorkspaceRow): Promise<Fullness | undefined> {
    const { driver } = this.#options;
    const room = await driver.usage?.homeRoom(handleOf({ driver }, row)).catch((error: unknown) => {
      if (codeOf(error) === undefined) throw error;
      return undefined;
    });
    return room === undefined ? undefined : fullnessOf(room);
  }
}
