import { type Clock, Limited, type Log, repeat } from "#foundation";
import type { Driver } from "#provisioning";
import type { Repository } from "#repository";
import type { Change } from "#resource-manager";

/** Removals at once: a slow one holds up neither the loop nor the next few homes. */
const AT_ONCE = 4;
/** How often it is looked whether a home is left, ms. */
const PERIOD = 30_000;

export interface DoomedHomesOptions {
  readonly repository: Pick<Repository, "homes" | "forgetHome">;
  readonly driver: Pick<Driver, "removeHome">;
  readonly admission: { change(...changes: readonly Change[]): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
}

/** Deletes the kept homes that were asked to be deleted, beside the loop: the files, then the row, then the room. What fails is tried again. */
export class DoomedHomes {
  readonly #options: DoomedHomesOptions;
  readonly #removals = new Limited(AT_ONCE);
  readonly #underWay = new Set<string>();
  #endRounds = () => Promise.resolve();
  #stopped = false;

  constructor(options: DoomedHomesOptions) {
    this.#options = options;
  }

  begin(): void {
    const { clock, log } = this.#options;
    this.wake();
    this.#endRounds = repeat({ clock, log, pause: PERIOD, failed: "the homes that are to be deleted could not be looked up" }, () =>
      this.#look(),
    );
  }

  /** A removal that is under way is left to the engine; what of it is not written is done again by the next start. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#endRounds();
  }

  /** Somebody wants a home to be deleted. */
  wake(): void {
    this.#look().catch((error: unknown) => {
      if (!this.#stopped) this.#options.log.warn({ err: error }, "the homes that are to be deleted could not be looked up");
    });
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    for (const { home } of await this.#options.repository.homes({ doomed: true })) {
      if (this.#underWay.has(home)) continue;
      this.#underWay.add(home);
      void this.#removals.run(() => this.#delete(home)).finally(() => this.#underWay.delete(home));
    }
  }

  async #delete(home: string): Promise<void> {
    const { repository, driver, admission, log } = this.#options;
    if (this.#stopped) return;
    try {
      await driver.removeHome(home);
      await repository.forgetHome(home);
      await admission.change({ kind: "released", id: home });
    } catch (error) {
      if (!this.#stopped) log.warn({ err: error, home }, "a home could not be deleted; it is tried again");
    }
  }
}
