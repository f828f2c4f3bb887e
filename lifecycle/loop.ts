import { codeOf } from "#foundation";
import type { PlaceInTime, Unsettled, WorkspaceRow } from "#repository";
import type { Admission } from "./admission/admission.ts";
import { type BatchedReads, workspaceReads } from "./batched-reads.ts";
import type { LoopContext } from "./context.ts";
import { Lifetimes } from "./lifetimes.ts";
import { ENGINE_PATIENCE, Moves, type Work } from "./moves.ts";
import { Patrol } from "./patrol.ts";
import { beginSuspending, settleSuspending } from "./steps/suspend.ts";
import { Timers } from "./timers.ts";

/** States whose lifetime may end. */
const LIVING = ["queued", "provisioning", "ready", "suspending", "suspended", "failing", "failed"] as const;

/** Rows that are looked over at once. */
const PAGE = 1_000;

interface Running extends Work {
  /** Something may have changed since the present step began. */
  again: boolean;
  settled: Promise<void>;
}

/**
 * The loop: moves each workspace, one step at a time, from where it is to where it is wanted.
 * It is woken by the broker and by hints of the engine, and looks round by itself; it never trusts a wake-up, only the database.
 */
export class LifecycleLoop {
  readonly #context: LoopContext;
  readonly #admission: Admission;
  readonly #work = new Map<string, Running>();
  readonly #settling = new Set<Promise<void>>();
  readonly #timers: Timers;
  readonly #lifetimes: Lifetimes;
  readonly #moves: Moves;
  readonly #rows: BatchedReads<WorkspaceRow>;
  readonly #patrol: Patrol;
  #stopped = false;
  #suspendingAll = false;
  #looking: Promise<void> | undefined;
  #collecting: Promise<void> | undefined;
  #lookAgain = false;

  constructor(context: LoopContext, admission: Admission, options: { readonly parallelStarts: number }) {
    this.#context = context;
    this.#admission = admission;
    this.#timers = new Timers(context.clock);
    this.#rows = workspaceReads(context.repository);
    this.#lifetimes = new Lifetimes(context, (id) => this.#lifetimeEnded(id));
    const wake = (id: string) => this.wake(id);
    this.#moves = new Moves(context, admission, {
      ...options,
      rows: this.#rows,
      lifetimes: this.#lifetimes,
      stopped: () => this.#stopped,
      wakeLater: (id, milliseconds) => this.#wakeLater(id, milliseconds),
    });
    this.#patrol = new Patrol(context, { isMoving: (id) => this.#work.has(id), wake, round: () => this.#round() });
    admission.onAdmitted = (row) => this.wake(row.id);
  }

  /** After recovery: go on with everything that is not settled. */
  async start(): Promise<void> {
    await this.#wakeUnsettled();
    for (const row of await this.#context.repository.workspaces({ states: LIVING, expiring: true })) this.#lifetimes.watch(row);
    await this.#admission.decide();
    this.#patrol.begin();
  }

  /** Stops moving; what runs goes on running, and the next start takes it over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const patrol = this.#patrol.stop();
    this.#timers.close();
    this.#lifetimes.close();
    for (const work of this.#work.values()) work.abort.abort(new Error("Guise is stopping"));
    await this.#admission.stop();
    await patrol;
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

  /** Whatever is not settled is looked at: wake-ups are hints, and this finds what none of them told. Calls that come meanwhile share one further look. */
  lookRound(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#lookAgain = this.#looking !== undefined;
    this.#looking ??= this.#wakeUnsettled()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#context.log.warn({ err: error }, "the workspaces could not be looked at");
      })
      .finally(() => {
        this.#looking = undefined;
        return this.#lookAgain ? this.lookRound() : undefined;
      });
    return this.#looking;
  }

  /** Page by page. Who waits and is known to do so is left alone: of a long queue not even the rows are read. */
  async #wakeUnsettled(): Promise<void> {
    let after: PlaceInTime | undefined;
    do {
      const page: readonly Unsettled[] = await this.#context.repository.unsettled({ after, limit: PAGE });
      for (const glance of page) if (!this.#isParked(glance)) this.wake(glance.id);
      after = page.length < PAGE ? undefined : page.at(-1);
    } while (after !== undefined && !this.#stopped);
  }

  #isParked({ id, state, desired }: Unsettled): boolean {
    return state === "queued" && desired === "ready" && this.#admission.knows(id);
  }

  /** Something about this workspace may have changed. */
  wake(id: string): void {
    if (this.#stopped || this.#suspendingAll) return;
    const running = this.#work.get(id);
    if (running !== undefined) {
      running.again = true;
      if (running.starting !== undefined) this.#abortIfUnwanted(id, running);
      return;
    }
    const work: Running = { abort: new AbortController(), again: false, starting: undefined, settled: Promise.resolve() };
    this.#work.set(id, work);
    const settling = this.#settle(id, work).finally(() => this.#settling.delete(settling));
    work.settled = settling;
    this.#settling.add(settling);
  }

  /** Of the start that runs now: by the time that the row is read another may have begun. */
  #abortIfUnwanted(id: string, { abort, starting }: Running): void {
    this.#rows.read(id).then(
      (row) => {
        if (row === undefined || row.generation !== starting) return;
        if (row.desired === "released" || row.state !== "provisioning") abort.abort(new Error("it is no longer wanted"));
      },
      (error) => this.#context.log.warn({ err: error, workspace: id }, "a workspace could not be read"),
    );
  }

  async #settle(id: string, work: Running): Promise<void> {
    try {
      do {
        work.again = false;
        while (!this.#stopped && (await this.#moves.step(id, work))) work.again = false;
      } while (work.again && !this.#stopped);
    } catch (error) {
      if (this.#stopped) return;
      const stale = codeOf(error) === "stale_revision";
      if (!stale) this.#context.log.error({ err: error, workspace: id }, "a step of the loop failed; it is tried again");
      this.#wakeLater(id, stale ? 0 : ENGINE_PATIENCE);
    } finally {
      this.#work.delete(id);
      if (work.again) this.wake(id);
    }
  }

  #wakeLater(id: string, milliseconds: number): void {
    this.#timers.set(id, milliseconds, () => this.wake(id));
  }

  async #round(): Promise<void> {
    void this.lookRound();
    await this.#admission.refreshNodes();
    // A removal takes seconds: the patrol does not wait for it.
    this.#collecting ??= this.#context.collectImages().finally(() => {
      this.#collecting = undefined;
    });
  }

  #lifetimeEnded(id: string): void {
    this.#admission
      .change({ kind: "withdrawn", id })
      .catch((error: unknown) => this.#context.log.warn({ err: error, workspace: id }, "a withdrawal was not decided"));
    this.wake(id);
  }
}
