import { codeOf, Limited } from "#foundation";
import type { WorkspaceRow } from "#repository";
import type { Admission } from "./admission/admission.ts";
import type { BatchedReads } from "./batched-reads.ts";
import type { LoopContext } from "./context.ts";
import { verdictOf } from "./faults.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { holdsFiles, releaseWorkspace, setAside, settleFailure } from "./steps/end.ts";
import { resizeWorkspace } from "./steps/resize.ts";
import { startWorkspace } from "./steps/start.ts";
import { withNote } from "./steps/stated-note.ts";
import { beginSuspending, settleSuspending } from "./steps/suspend.ts";

/** How long to wait before an engine that did not answer is asked again, ms. */
export const ENGINE_PATIENCE = 2_000;

/** What one workspace's moves are under way with. */
export interface Work {
  /** Of the start that runs now; each has its own. */
  abort: AbortController;
  /** The generation that is being started, which may be called off. */
  starting: number | undefined;
}

export interface MovesOptions {
  readonly parallelStarts: number;
  readonly rows: BatchedReads<WorkspaceRow>;
  readonly lifetimes: Lifetimes;
  readonly stopped: () => boolean;
  /** Has the workspace looked at again in so many ms. */
  readonly wakeLater: (workspace: string, milliseconds: number) => void;
}

/** The moves of workspaces: each reads where one is and where it is wanted, and brings it one state further. */
export class Moves {
  readonly #context: LoopContext;
  readonly #admission: Admission;
  readonly #options: MovesOptions;
  readonly #starts: Limited;
  /** Monotonic ms before which a workspace is not tried again. */
  readonly #notBefore = new Map<string, number>();

  constructor(context: LoopContext, admission: Admission, options: MovesOptions) {
    this.#context = context;
    this.#admission = admission;
    this.#options = options;
    this.#starts = new Limited(options.parallelStarts);
  }

  /** One move; true when there may be another one to make. */
  async step(id: string, work: Work): Promise<boolean> {
    const row = await this.#options.rows.read(id);
    if (row === undefined || row.state === "released") return false;
    if (row.desired === "released" && row.state !== "releasing") return this.#beginRelease(row);
    switch (row.state) {
      case "queued":
        if (row.desired === "suspended") return this.#callOff(row);
        if (!this.#waitsForRetry(row)) await this.#admission.arrived(row);
        return false;
      case "provisioning":
        return this.#provision(row, work);
      case "ready":
        this.#options.lifetimes.watch(row);
        if (row.desired === "ready" && row.wantedDemand !== undefined) {
          await resizeWorkspace(this.#context, this.#admission, row);
          return false;
        }
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
        row.state satisfies never;
        return false;
    }
  }

  /** Somebody else's request has everything looked at: that must not shorten the pause before another try. */
  #waitsForRetry({ id }: WorkspaceRow): boolean {
    const notBefore = this.#notBefore.get(id);
    if (notBefore === undefined) return false;
    if (this.#context.clock.monotonic() < notBefore) return true;
    this.#notBefore.delete(id);
    return false;
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
    const reason =
      row.desiredReason === "suspended_by_operator" || row.desiredReason === "idle" ? row.desiredReason : "suspended_by_person";
    const move = { id: row.id, revision: fresh.revision, to: "suspended", reason } as const;
    await repository.move({ ...move, message: withNote("suspended with its home", { ...row, reason }), at: clock.now() });
    return true;
  }

  async #provision(row: WorkspaceRow, work: Work): Promise<boolean> {
    work.abort = new AbortController();
    work.starting = row.generation;
    if (this.#options.stopped()) return false;
    try {
      const ready = await this.#starts.run(() => startWorkspace(this.#context, row, work.abort.signal));
      this.#options.lifetimes.watch(ready);
      void this.#context
        .reopen(ready)
        .catch((error: unknown) => this.#context.log.warn({ err: error, workspace: ready.id }, "nothing was opened again"));
      return true;
    } catch (error) {
      if (this.#options.stopped()) return false;
      return await this.#afterFault(row, error);
    } finally {
      work.starting = undefined;
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
      this.#options.wakeLater(row.id, ENGINE_PATIENCE);
      return false;
    }
    const base = { id: row.id, revision: fresh.revision, at: clock.now(), message: verdict.message };
    if (verdict.kind === "fail") {
      await repository.move({ ...base, to: "failing", reason: verdict.reason });
      return true;
    }
    // What was found missing is seen before anybody else is admitted to it.
    if (codeOf(error) === "disk_full") await this.#admission.refreshNodes();
    const left = await setAside(this.#context, fresh);
    this.#notBefore.set(row.id, clock.monotonic() + verdict.delay);
    await this.#giveBack(await repository.move({ ...base, to: "queued", reason: "retrying", attempts: fresh.attempts + 1, ...left }));
    this.#options.wakeLater(row.id, verdict.delay);
    return false;
  }

  async #beginRelease(row: WorkspaceRow): Promise<boolean> {
    const ready = row.state === "ready" || row.state === "suspended" || row.state === "failed";
    const reason = row.desiredReason === "stopped_by_operator" ? "stopped_by_operator" : ready ? "given_back" : "cancelled";
    if (row.state === "queued") await this.#admission.change({ kind: "withdrawn", id: row.id });
    const fresh = await this.#context.repository.workspace(row.id);
    if (fresh === undefined || fresh.state !== row.state) return true;
    const note = reason === "stopped_by_operator" && row.desiredNote !== undefined ? { message: row.desiredNote } : {};
    await this.#context.repository.move({
      id: row.id,
      revision: fresh.revision,
      to: "releasing",
      reason,
      at: this.#context.clock.now(),
      ...note,
    });
    return true;
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

  /** The allocation is gone from the database; now the Resource Manager may give the room to somebody else. */
  async #giveBack(row: WorkspaceRow): Promise<void> {
    if (row.state === "released") {
      this.#options.lifetimes.forget(row.id);
      this.#notBefore.delete(row.id);
    }
    await this.#admission.letGo(row.id, row.home, await this.#context.repository.home(row.home));
  }
}
