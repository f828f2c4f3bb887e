import { codeOf, Limited, messageOf, type Timer } from "#foundation";
import type { WorkspaceRow } from "#repository";
import type { Admission } from "./admission.ts";
import type { LoopContext } from "./context.ts";
import { verdictOf } from "./faults.ts";
import { Lifetimes } from "./lifetimes.ts";
import { destroySandbox, handleOf, holdsFiles, releaseWorkspace, setAside, settleFailure } from "./steps/end.ts";
import { startWorkspace } from "./steps/start.ts";
import { beginSuspending, settleSuspending } from "./steps/suspend.ts";
import { Timers } from "./timers.ts";

/** How long to wait before an engine that did not answer is asked again, ms. */
const ENGINE_PATIENCE = 2_000;
/** How often everything is compared with the engine and the database, ms. */
const PATROL_PERIOD = 30_000;

/** States whose lifetime may end. */
const LIVING = ["queued", "provisioning", "ready", "suspending", "suspended", "failing", "failed"] as const;

interface Work {
  readonly abort: AbortController;
  again: boolean;
  /** What the running step may not be aborted for any more. */
  starting: boolean;
  settled: Promise<void>;
}

/**
 * The loop: moves each workspace, one step at a time, from where it is to where it is wanted.
 * It is woken by the broker and by hints of the engine, and looks round by itself; it never trusts a wake-up, only the database.
 */
export class LifecycleLoop {
  readonly #context: LoopContext;
  readonly #admission: Admission;
  readonly #work = new Map<string, Work>();
  readonly #settling = new Set<Promise<void>>();
  readonly #starts: Limited;
  readonly #timers: Timers;
  readonly #lifetimes: Lifetimes;
  #patrol: Timer | undefined;
  #stopped = false;
  #suspendingAll = false;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #stopHints: () => void = () => {};

  constructor(context: LoopContext, admission: Admission, options: { readonly parallelStarts: number }) {
    this.#context = context;
    this.#admission = admission;
    this.#starts = new Limited(options.parallelStarts);
    this.#timers = new Timers(context.clock);
    this.#lifetimes = new Lifetimes(context, (id) => this.#lifetimeEnded(id));
    admission.onAdmitted = (row) => this.wake(row.id);
  }

  /** After recovery: go on with everything that is not settled. */
  async start(): Promise<void> {
    this.#stopHints = this.#context.driver.onHint((workspace) => {
      if (workspace !== undefined) this.#look(workspace);
    });
    for (const row of await this.#context.repository.workspaces({ unsettled: true })) this.wake(row.id);
    for (const row of await this.#context.repository.workspaces({ states: LIVING })) this.#lifetimes.watch(row);
    await this.#deleteDoomedHomes();
    await this.#admission.decide();
    this.#schedulePatrol();
  }

  /** Stops moving; what runs goes on running, and the next start takes it over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#patrol?.cancel();
    this.#timers.close();
    this.#lifetimes.close();
    this.#stopHints();
    for (const work of this.#work.values()) work.abort.abort(new Error("Guise is stopping"));
    await Promise.allSettled(this.#settling);
  }

  /**
   * Suspends everything that is ready, for a stop of Guise, and stops. What does not end in its grace is ended. Calls back
   * with how many are left; they go on with the next start, for they are still wanted ready.
   */
  async suspendAll(left: (count: number) => void): Promise<void> {
    this.#suspendingAll = true;
    const rows = await this.#context.repository.workspaces({ states: ["ready", "suspending"] });
    let count = rows.length;
    left(count);
    await Promise.all(
      rows.map(async (row) => {
        await this.#suspendForStop(row.id).catch((error: unknown) =>
          this.#context.log.warn({ err: error, workspace: row.id }, "a workspace was not suspended; it goes on running"),
        );
        left(--count);
      }),
    );
    await this.stop();
  }

  async #suspendForStop(id: string): Promise<void> {
    await this.#work.get(id)?.settled;
    let row = await this.#context.repository.workspace(id);
    if (row?.state === "ready") row = await beginSuspending(this.#context, row, "guise_stopped");
    if (row?.state === "suspending") await settleSuspending(this.#context, row);
  }

  /** Intent was recorded somewhere: whatever is not settled is looked at. Calls that come meanwhile share one further look. */
  lookRound(): void {
    if (this.#stopped) return;
    this.#lookAgain = this.#looking !== undefined;
    this.#looking ??= this.#wakeUnsettled().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.lookRound();
    });
  }

  async #wakeUnsettled(): Promise<void> {
    try {
      for (const row of await this.#context.repository.workspaces({ unsettled: true })) this.wake(row.id);
      await this.#deleteDoomedHomes();
    } catch (error) {
      if (!this.#stopped) this.#context.log.warn({ err: error }, "the workspaces could not be looked at");
    }
  }

  /** Something about this workspace may have changed. */
  wake(id: string): void {
    if (this.#stopped || this.#suspendingAll) return;
    const running = this.#work.get(id);
    if (running !== undefined) {
      running.again = true;
      if (running.starting) this.#abortIfUnwanted(id, running);
      return;
    }
    const work: Work = { abort: new AbortController(), again: false, starting: false, settled: Promise.resolve() };
    this.#work.set(id, work);
    const settling = this.#settle(id, work).finally(() => this.#settling.delete(settling));
    work.settled = settling;
    this.#settling.add(settling);
  }

  #abortIfUnwanted(id: string, work: Work): void {
    this.#context.repository.workspace(id).then(
      (row) => {
        if (row !== undefined && (row.desired === "released" || row.state !== "provisioning")) work.abort.abort(new Error("given back"));
      },
      (error) => this.#context.log.warn({ err: error, workspace: id }, "a workspace could not be read"),
    );
  }

  async #settle(id: string, work: Work): Promise<void> {
    try {
      do {
        work.again = false;
        while (!this.#stopped && (await this.#step(id, work))) work.again = false;
      } while (work.again && !this.#stopped);
    } catch (error) {
      if (this.#stopped) return;
      const stale = codeOf(error) === "stale_revision";
      if (!stale) this.#context.log.error({ err: error, workspace: id }, "a step of the loop failed; it is tried again");
      this.#timers.set(`wake:${id}`, stale ? 0 : ENGINE_PATIENCE, () => this.wake(id));
    } finally {
      this.#work.delete(id);
      if (work.again) this.wake(id);
    }
  }

  /** One move; true when there may be another one to make. */
  async #step(id: string, work: Work): Promise<boolean> {
    const row = await this.#context.repository.workspace(id);
    if (row === undefined || row.state === "released") return false;
    if (row.desired === "released" && row.state !== "releasing") return this.#beginRelease(row);
    switch (row.state) {
      case "queued":
        if (row.desired === "suspended") return this.#callOff(row);
        await this.#admission.arrived(row);
        return false;
      case "provisioning":
        return this.#provision(row, work);
      case "ready":
        this.#lifetimes.watch(row);
        if (row.desired !== "suspended") return false;
        await beginSuspending(this.#context, row, row.desiredReason ?? "suspended_by_person");
        return true;
      case "suspending":
        await this.#giveBack(await settleSuspending(this.#context, row));
        return true;
      case "suspended":
        return this.#resumeIfWanted(row);
      case "failing":
        await this.#giveBack(await settleFailure(this.#context, row));
        return false;
      case "failed":
        return this.#retryIfAsked(row);
      case "releasing":
        await this.#giveBack(await releaseWorkspace(this.#context, row));
        return false;
      default:
        return false;
    }
  }

  async #resumeIfWanted(row: WorkspaceRow): Promise<boolean> {
    if (row.desired !== "ready") return false;
    const at = this.#context.clock.now();
    await this.#context.repository.move({
      id: row.id,
      revision: row.revision,
      to: "queued",
      reason: "waiting_for_room",
      message: "resumed; it starts on its home as soon as there is room",
      at,
      queuedSince: at,
      attempts: 0,
    });
    return true;
  }

  /** The person no longer wants it resumed. What never had files has nothing to be suspended with: it goes on. */
  async #callOff(row: WorkspaceRow): Promise<boolean> {
    const { repository, clock } = this.#context;
    if (!holdsFiles(row, await repository.home(row.home))) {
      await this.#admission.arrived(row);
      return false;
    }
    await this.#admission.change({ kind: "withdrawn", id: row.id });
    const fresh = await repository.workspace(row.id);
    if (fresh?.state !== "queued") return true;
    const reason = row.desiredReason === "suspended_by_operator" ? row.desiredReason : "suspended_by_person";
    const move = { id: row.id, revision: fresh.revision, to: "suspended", reason } as const;
    await repository.move({ ...move, message: "suspended with its home", at: clock.now() });
    return true;
  }

  async #provision(row: WorkspaceRow, work: Work): Promise<boolean> {
    work.starting = true;
    try {
      const ready = await this.#starts.run(() => startWorkspace(this.#context, row, work.abort.signal));
      this.#lifetimes.watch(ready);
      void this.#context
        .reopen(ready)
        .catch((error: unknown) => this.#context.log.warn({ err: error, workspace: ready.id }, "nothing was opened again"));
      return true;
    } catch (error) {
      if (this.#stopped) return false;
      return await this.#afterFault(row, error);
    } finally {
      work.starting = false;
    }
  }

  async #afterFault(row: WorkspaceRow, error: unknown): Promise<boolean> {
    const { repository, clock, log } = this.#context;
    const fresh = await repository.workspace(row.id);
    if (fresh === undefined || fresh.desired === "released" || fresh.generation !== row.generation || fresh.state !== "provisioning")
      return true;
    const verdict = verdictOf(error, fresh.attempts);
    log.warn({ err: error, workspace: row.id, generation: row.generation, verdict: verdict.kind }, "a start did not succeed");
    if (verdict.kind === "wait") {
      this.#context.live.publish({ kind: "progress", workspace: row.id, state: "provisioning", message: verdict.message });
      this.#timers.set(`wake:${row.id}`, ENGINE_PATIENCE, () => this.wake(row.id));
      return false;
    }
    const base = { id: row.id, revision: fresh.revision, at: clock.now(), message: verdict.message };
    if (verdict.kind === "fail") {
      await repository.move({ ...base, to: "failing", reason: verdict.reason });
      return true;
    }
    const left = await setAside(this.#context, fresh);
    await this.#giveBack(await repository.move({ ...base, to: "queued", reason: "retrying", attempts: fresh.attempts + 1, ...left }));
    this.#timers.set(`wake:${row.id}`, verdict.delay, () => this.wake(row.id));
    return false;
  }

  async #beginRelease(row: WorkspaceRow): Promise<boolean> {
    const ready = row.state === "ready" || row.state === "suspended" || row.state === "failed";
    const reason = row.desiredReason === "stopped_by_operator" ? "stopped_by_operator" : ready ? "given_back" : "cancelled";
    if (row.state === "queued") await this.#admission.change({ kind: "withdrawn", id: row.id });
    const fresh = await this.#context.repository.workspace(row.id);
    if (fresh === undefined || fresh.state !== row.state) return true;
    await this.#context.repository.move({ id: row.id, revision: fresh.revision, to: "releasing", reason, at: this.#context.clock.now() });
    return true;
  }

  /** The allocation is gone from the database; now the Resource Manager may give the room to somebody else. */
  async #giveBack(row: WorkspaceRow): Promise<void> {
    if (row.state === "released") this.#lifetimes.forget(row.id);
    await this.#admission.letGo(row.id, row.home, await this.#context.repository.home(row.home));
  }

  /** Intent to delete a kept home: its files, then its row, then its room. What fails is tried again at the next look. */
  async #deleteDoomedHomes(): Promise<void> {
    const { repository, driver, log } = this.#context;
    for (const { home } of await repository.homes({ doomed: true })) {
      try {
        await driver.removeHome(home);
        await repository.forgetHome(home);
        await this.#admission.change({ kind: "released", id: home });
      } catch (error) {
        log.warn({ err: error, home }, "a home could not be deleted; it is tried again");
      }
    }
  }

  async #retryIfAsked(row: WorkspaceRow): Promise<boolean> {
    if (row.desiredReason !== "retrying") return false;
    await this.#context.repository.move({
      id: row.id,
      revision: row.revision,
      to: "queued",
      reason: "retrying",
      attempts: 0,
      at: this.#context.clock.now(),
      desiredReason: null,
    });
    return true;
  }

  #lifetimeEnded(id: string): void {
    this.#admission
      .change({ kind: "withdrawn", id })
      .catch((error: unknown) => this.#context.log.warn({ err: error, workspace: id }, "a withdrawal was not decided"));
    this.wake(id);
  }

  /** A hint of the engine, or the patrol: does a ready workspace still run whole? */
  #look(id: string): void {
    this.#inspect(id).catch((error) => {
      if (codeOf(error) !== "engine_unreachable")
        this.#context.log.warn({ err: error, workspace: id }, "a workspace could not be inspected");
    });
  }

  async #inspect(id: string): Promise<void> {
    const { repository, driver, clock, ids } = this.#context;
    const row = await repository.workspace(id);
    if (row === undefined || row.state !== "ready" || row.desired !== "ready" || this.#work.has(id)) return;
    const condition = await driver.inspect(handleOf(this.#context, row));
    if (condition.condition === "running" || this.#stopped) return;
    await destroySandbox(this.#context, row, { keepHome: true, grace: 0 });
    const message = condition.condition === "broken" ? condition.why : "the sandbox is gone";
    await repository.move({
      id,
      revision: row.revision,
      to: "provisioning",
      reason: "sandbox_lost",
      message,
      at: clock.now(),
      newGeneration: { engineName: ids.next("g", 16) },
    });
    this.wake(id);
  }

  #schedulePatrol(): void {
    this.#patrol = this.#context.clock.after(
      PATROL_PERIOD,
      () => {
        this.#round()
          .catch((error) => this.#context.log.warn({ err: messageOf(error) }, "a patrol did not finish"))
          .finally(() => {
            if (!this.#stopped) this.#schedulePatrol();
          });
      },
      { unref: true },
    );
  }

  async #round(): Promise<void> {
    this.lookRound();
    for (const row of await this.#context.repository.workspaces({ states: ["ready"] })) this.#look(row.id);
    await this.#admission.refreshNodes();
  }
}
