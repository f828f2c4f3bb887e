import { type CheckSeen, faultOfCheck, nameOfCheck, type PersonaCheck } from "@guise/contract";
import { type Clock, codeOf, delay, type Ids, type Log, messageOf, repeat } from "#foundation";
import type { CheckPlan, Repository, VersionRow, WorkspaceRow } from "#repository";

/** Between looks at a workspace that is on its way, ms. */
const LOOK_EVERY = 500;
/** How often it is looked whether a version waits for its checks, ms. */
const PERIOD = 30_000;
/** So often they are begun again when something beside them breaks. */
const ATTEMPTS = 3;

export interface VersionChecksOptions {
  readonly repository: Pick<Repository, "versionsInState" | "setBuild" | "appendBuildLog" | "createWorkspace" | "workspace" | "setDesired">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The workspace is to be looked at. */
  readonly wake: (workspace: string) => void;
  /** Why it waits. */
  readonly waiting: (workspace: string) => { readonly message: string } | undefined;
  /** Rejects when the workspace cannot be entered, or is lost meanwhile. */
  readonly perform: (workspace: WorkspaceRow, check: PersonaCheck, signal: AbortSignal) => Promise<CheckSeen>;
}

type Checked = VersionRow & { readonly checkPlan: CheckPlan };

/**
 * What is built and has checks becomes usable when they pass in a real workspace of its author, made for them alone. Its name is written
 * down before it is made, and what comes of the checks after it is given back: whoever dies meanwhile, the next Guise gives back what is
 * left and begins again.
 */
export class VersionChecks {
  readonly #options: VersionChecksOptions;
  readonly #abort = new AbortController();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #broken = new Map<string, number>();
  #endRounds = () => Promise.resolve();

  constructor(options: VersionChecksOptions) {
    this.#options = options;
  }

  begin(): void {
    const { clock, log } = this.#options;
    this.wake();
    this.#endRounds = repeat({ clock, log, pause: PERIOD, failed: "versions that wait for their checks could not be looked up" }, () =>
      this.#look(),
    );
  }

  /** Something was built. */
  wake(): void {
    this.#look().catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#options.log.warn({ err: error }, "versions that wait for their checks could not be looked up");
    });
  }

  /** What is under way is left as it is, for the next start. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error("Guise is stopping"));
    await this.#endRounds();
    await Promise.all(this.#underWay.values());
  }

  async #look(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    for (const row of await this.#options.repository.versionsInState("building")) {
      const key = `${row.persona}/${row.version}`;
      if (!isBuilt(row) || this.#underWay.has(key) || this.#abort.signal.aborted) continue;
      this.#underWay.set(
        key,
        this.#settle(key, row).finally(() => this.#underWay.delete(key)),
      );
    }
  }

  async #settle(key: string, row: Checked): Promise<void> {
    const { log } = this.#options;
    try {
      const fault = await this.#faultOf(row);
      if (fault !== "later") await this.#record(row, fault);
      this.#broken.delete(key);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      log.warn({ err: error, persona: row.persona, version: row.version }, "the checks of a version could not be run");
      const times = (this.#broken.get(key) ?? 0) + 1;
      this.#broken.set(key, times);
      if (times < ATTEMPTS) return;
      this.#broken.delete(key);
      await this.#giveBackLast(row).catch(() => {});
      await this.#record(row, `could not be run: ${messageOf(error)}`).catch((failed: unknown) =>
        log.warn({ err: failed }, "what came of the checks of a version could not be written"),
      );
    }
  }

  async #record({ persona, version, checkPlan }: Checked, fault: string | undefined): Promise<void> {
    const { repository } = this.#options;
    const count = checkPlan.checks.length;
    if (fault === undefined)
      return repository.setBuild(persona, version, {
        ...{ state: "usable", percent: 100, checkWorkspace: null },
        message: `built; ${count === 1 ? "its check passed" : `its ${count} checks passed`}`,
      });
    await repository.appendBuildLog(persona, version, [`checks: ${fault}`]);
    await repository.setBuild(persona, version, { state: "build_failed", message: `its checks: ${fault}`, checkWorkspace: null });
  }

  /** Undefined: all passed. `later`: they cannot be begun now. */
  async #faultOf(row: Checked): Promise<string | undefined | "later"> {
    await this.#giveBackLast(row);
    const id = await this.#begun(row);
    if (id === undefined) return "later";
    const ready = await this.#untilReady(row, id);
    const fault = typeof ready === "string" ? ready : await this.#performed(row, ready);
    await this.#giveBack(id);
    return fault;
  }

  /** Its name first, then the workspace. Undefined: there is to be none, for nobody can request the persona now. */
  async #begun({ persona, version, name, publishedBy, checkPlan }: Checked): Promise<string | undefined> {
    const { repository, ids, clock, wake } = this.#options;
    const id = ids.next("w");
    await repository.setBuild(persona, version, { checkWorkspace: id, message: "built; its checks begin", percent: 100 });
    const { environment, group, priority, demand, concrete } = checkPlan;
    try {
      await repository.createWorkspace(
        {
          ...{ id, persona, version, environment, group, priority, demand, concrete, owner: publishedBy, personaName: name },
          ...{ name: `check-${id.slice(2, 12)}`, parameters: {}, requestedAt: clock.now(), home: ids.next("h"), keepHome: false },
        },
        { at: clock.now(), actor: publishedBy, action: "check_version", target: id, outcome: "done", facts: { persona, version } },
      );
    } catch (error) {
      if (codeOf(error) === "not_usable") return undefined;
      if (codeOf(error) !== "persona_retired") throw error;
      await repository.setBuild(persona, version, { checkWorkspace: null, message: "built; its checks wait, for its persona is retired" });
      return undefined;
    }
    wake(id);
    return id;
  }

  /** It waits for room as others do, and the version says so. A sentence where it does not become ready. */
  async #untilReady({ persona, version }: Checked, id: string): Promise<WorkspaceRow | string> {
    const { repository, clock, waiting } = this.#options;
    let said = "";
    for (;;) {
      const row = await repository.workspace(id);
      if (row === undefined) throw new Error(`there is no workspace ${id}`);
      if (row.desired !== "ready") return STOPPED;
      if (row.state === "failed") return `their workspace did not start: ${row.message ?? row.reason ?? "no reason is known"}`;
      if (row.state === "ready") return row;
      const why = row.state === "queued" ? waiting(id)?.message : undefined;
      const message = why === undefined ? "built; a workspace starts for its checks" : `built; its checks wait for room: ${why}`;
      if (message !== said) await repository.setBuild(persona, version, { message });
      said = message;
      await delay(clock, LOOK_EVERY, this.#abort.signal);
    }
  }

  /** The first that fails ends them. */
  async #performed({ persona, version, checkPlan }: Checked, workspace: WorkspaceRow): Promise<string | undefined> {
    const { repository, perform } = this.#options;
    const { checks } = checkPlan;
    for (const [index, check] of checks.entries()) {
      await repository.setBuild(persona, version, { message: `built; check ${index + 1} of ${checks.length} runs: ${nameOfCheck(check)}` });
      const seen = await perform(workspace, check, this.#abort.signal).catch(async (error: unknown) => {
        if ((await repository.workspace(workspace.id))?.desired !== "ready") return undefined;
        throw error;
      });
      if (seen === undefined) return STOPPED;
      const fault = faultOfCheck(check, seen);
      if (fault !== undefined) return `${nameOfCheck(check)}: ${fault}`;
      await repository.appendBuildLog(persona, version, [`check passed: ${nameOfCheck(check)}`]);
    }
    return undefined;
  }

  /** Of an earlier attempt, which may have been another Guise's. */
  async #giveBackLast({ persona, version }: Checked): Promise<void> {
    const rows = await this.#options.repository.versionsInState("building");
    const last = rows.find((row) => row.persona === persona && row.version === version)?.checkWorkspace;
    if (last !== undefined) await this.#giveBack(last);
  }

  /** Resolves when nothing of it is left; its home goes too. */
  async #giveBack(id: string): Promise<void> {
    const { repository, clock, wake } = this.#options;
    for (;;) {
      const row = await repository.workspace(id);
      // It was named, and never made.
      if (row === undefined || row.state === "released") return;
      if (row.desired !== "released") {
        const audit = { at: clock.now(), actor: row.owner, action: "release_workspace", target: id, outcome: "done" as const };
        await repository.setDesired(id, { desired: "released", reason: "given_back", by: row.owner, dropHome: true }, audit);
        wake(id);
      }
      await delay(clock, LOOK_EVERY, this.#abort.signal);
    }
  }
}

const STOPPED = "they were stopped: their workspace was paused or given back meanwhile; publish the same again to run them";

/** Nothing but its checks is to be waited for. */
export function isBuilt(row: VersionRow): row is Checked {
  return row.image !== undefined && row.checkPlan !== undefined;
}
