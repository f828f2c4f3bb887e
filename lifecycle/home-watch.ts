import { type Clock, codeOf, type Log, type Timer } from "#foundation";
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
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: HomeWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#timer = this.#options.clock.after(this.#options.period ?? PERIOD, () => void this.#turn(), { unref: true });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** As of the last look; undefined where there was none. */
  fullnessOf(workspace: string): Fullness | undefined {
    return this.#known.get(workspace);
  }

  async #turn(): Promise<void> {
    try {
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
    } catch (error) {
      if (!this.#stopped) this.#options.log.warn({ err: error }, "homes could not be looked at");
    }
    if (!this.#stopped) this.begin();
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
