import { type Clock, type Log, repeat } from "#foundation";
import type { Driver } from "#provisioning";
import type { DataAccessRow, DataSourceRow, Repository, WorkspaceRow } from "#repository";
import type { LiveEvents } from "../live-events.ts";
import { handleOf } from "../steps/handle.ts";
import { concreteOf } from "../translate.ts";
import { type DataAccess, ROLE_LIFETIME, targetOf } from "./data-access.ts";
import { refusalOf } from "./lending.ts";

/** How often everything that is given is looked at, ms. */
const PERIOD = 15_000;
/** How often databases are asked for roles of ours that nobody has, ms. */
const SWEEP_PERIOD = 3_600_000;

export interface DataAccessKeeperOptions {
  readonly repository: Pick<
    Repository,
    "dataAccesses" | "workspace" | "updateDataAccess" | "forgetDataAccess" | "forgetDataSource" | "audit"
  >;
  readonly access: DataAccess;
  readonly driver: Pick<Driver, "name" | "network">;
  readonly live: Pick<LiveEvents, "publish">;
  readonly openedRanges: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly period?: number;
}

/**
 * Looks after what workspaces were given: takes back what is to be taken until that is done, what belongs to nobody any more, and what is not
 * lent any more while it is used; renews the rest.
 */
export class DataAccessKeeper {
  readonly #options: DataAccessKeeperOptions;
  #end = async () => {};
  #begun = false;
  #again = false;
  #running: Promise<void> | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: DataAccessKeeperOptions) {
    this.#options = options;
  }

  begin(): void {
    const { clock, log, period = PERIOD } = this.#options;
    this.#end = repeat({ clock, log, pause: period, failed: "what workspaces may reach could not be looked at" }, () => this.#run());
    this.#begun = true;
  }

  /** Something changed: everything is looked at once more. */
  wake(): void {
    if (!this.#begun) return;
    this.#run().catch((error: unknown) => this.#options.log.warn({ err: error }, "what workspaces may reach could not be looked at"));
  }

  async stop(): Promise<void> {
    this.#begun = false;
    await this.#end();
    await this.#running?.catch(() => {});
  }

  /** Who asks while a turn is under way gets one after it. */
  #run(): Promise<void> {
    this.#again = true;
    this.#running ??= (async () => {
      while (this.#again) {
        this.#again = false;
        await this.turn();
      }
    })().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async turn(): Promise<void> {
    const { repository, access, clock } = this.#options;
    const [rows, sources] = [await repository.dataAccesses(), await access.sources()];
    await Promise.all([...Map.groupBy(rows, ({ workspace }) => workspace).values()].map((of) => this.#lookAtEach(of, sources)));
    for (const { source, removedAt } of sources.values()) if (removedAt !== undefined) await repository.forgetDataSource(source);
    if (clock.monotonic() - this.#sweptAt < SWEEP_PERIOD) return;
    this.#sweptAt = clock.monotonic();
    await Promise.all([...sources.values()].map((source) => this.#sweep(source)));
  }

  /** Roles of this installation's that nothing is written of: from a database that was restored, or a copy of Guise's own that was. */
  async #sweep(source: DataSourceRow): Promise<void> {
    const { repository, access, log } = this.#options;
    try {
      const found = await access.rolesIn(source);
      const known = new Set((await repository.dataAccesses()).map(({ role }) => role));
      for (const role of found) if (!known.has(role)) await access.takeStray(source, role);
    } catch (error) {
      log.warn({ err: error, source: source.source }, "a database was not asked for roles that nobody has");
    }
  }

  /** One after another: each says anew what a workspace may still reach. */
  async #lookAtEach(rows: readonly DataAccessRow[], sources: ReadonlyMap<string, DataSourceRow>): Promise<void> {
    for (const row of rows) await this.#look(row, sources);
  }

  async #look(row: DataAccessRow, sources: ReadonlyMap<string, DataSourceRow>): Promise<void> {
    const { repository, access, clock, log } = this.#options;
    const source = sources.get(row.source);
    // What opened it is gone with it: nobody can take the role back but the database's own administrator.
    if (source === undefined) return void (await repository.forgetDataAccess(row.role));
    const workspace = await repository.workspace(row.workspace);
    if (row.state === "taking" || !isOf(row, workspace)) return this.#take(row);
    if (row.state !== "given" || workspace?.state !== "ready") return;
    const refusal = refusalOf(row.source, source, await access.borrowerOf(workspace));
    if (refusal !== undefined) return this.#cut(row, workspace, refusal);
    if (row.until - clock.now() > ROLE_LIFETIME / 2) return;
    await access.renew(row, source).catch((error: unknown) => log.warn({ err: error, role: row.role }, "a role could not be renewed"));
  }

  async #take(row: DataAccessRow): Promise<void> {
    if (row.state !== "taking") await this.#options.repository.updateDataAccess(row.role, { state: "taking" });
    await this.#options.access.takeOne(row);
  }

  /**
   * The way there first, and only then is it written that the role goes: whatever the database says nothing of it is reached any more, and who
   * dies in between does both again.
   */
  async #cut(row: DataAccessRow, workspace: WorkspaceRow, why: string): Promise<void> {
    const { repository, driver, live, openedRanges, clock, log } = this.#options;
    const left = (await repository.dataAccesses(row.workspace)).filter(({ role, state }) => role !== row.role && state === "given");
    const sources = left.flatMap(({ address, port }) => (address === undefined ? [] : [targetOf({ address, port })]));
    const rules = { allow: concreteOf(workspace).egress, openedRanges, sources };
    await driver.network
      ?.rewire(handleOf({ driver }, workspace), rules)
      .catch((error: unknown) => log.warn({ err: error, workspace: row.workspace }, "the way to a data source could not be closed"));
    live.publish({ kind: "data_access", workspace: row.workspace, state: "ready", message: `its access to ${row.source} ended: ${why}` });
    const facts = { source: row.source, why };
    await repository.audit({ at: clock.now(), actor: "guise", action: "take_data_access", target: row.workspace, outcome: "done", facts });
    await this.#take(row);
  }
}

/** Of the generation that runs, or is being started. */
function isOf(row: DataAccessRow, workspace: WorkspaceRow | undefined): boolean {
  if (workspace === undefined || workspace.generation !== row.generation) return false;
  return workspace.state === "ready" || workspace.state === "provisioning";
}
