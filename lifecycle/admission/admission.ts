import type { Amounts } from "@guise/contract";
import type { Timer } from "#foundation";
import type { HomeRow, WorkspaceRow } from "#repository";
import { type Change, type Decision, decide, type NotResized, type Settings, type Snapshot, snapshotOf } from "#resource-manager";
import { type BatchedReads, homeReads } from "../batched-reads.ts";
import type { LoopContext } from "../context.ts";
import { allocationOf, demandOf } from "../translate.ts";
import { AccountView, waitingView } from "./account-view.ts";
import { DecisionWriter } from "./decision-writer.ts";
import { type CapacityPolicy, KnownNodes } from "./known-nodes.ts";
import { readStoredAccount } from "./stored-account.ts";

/** Ms before an admission that could not be written is tried again; the last repeats. */
const RETRY_PAUSES = [0, 0, 250, 1_000, 5_000];

/**
 * Keeps the Resource Manager's snapshot beside the database: feeds it changes, and has written what it decides. When a write does not
 * hold, the snapshot is read anew from the database.
 */
export class Admission {
  /** For those who only ask. */
  readonly view: AccountView;
  readonly #context: LoopContext;
  readonly #settings: Settings;
  readonly #nodes: KnownNodes;
  readonly #writer: DecisionWriter;
  readonly #homes: BatchedReads<HomeRow>;
  #snapshot: Snapshot | undefined;
  #changes: Change[] = [];
  /** Demands that the Resource Manager has been told of and has not answered with admission or refusal. */
  #known = new Set<string>();
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** Who asked for other amounts, until that is decided. */
  readonly #resizes = new Map<string, PromiseWithResolvers<WorkspaceRow | NotResized>>();
  #failures = 0;
  #retry: Timer | undefined;
  /** Called with each workspace that was admitted, and each that can never fit any more. */
  onAdmitted: (row: WorkspaceRow) => void = () => {};
  /** Called after each decision that answered somebody. */
  onDecided: () => void = () => {};

  constructor(context: LoopContext, settings: Settings, policy: CapacityPolicy) {
    this.#context = context;
    this.#settings = settings;
    this.#nodes = new KnownNodes(context.driver, policy);
    this.#writer = new DecisionWriter(context);
    this.#homes = homeReads(context.repository);
    this.view = new AccountView(context, this.#nodes);
  }

  /** Reads nodes, allocations and queue anew, and decides. */
  async rebuild(): Promise<void> {
    this.#snapshot = undefined;
    await this.decide();
  }

  /** Only within a cycle: what is being written would be missed. */
  async #rebuildNow(): Promise<Snapshot> {
    const { repository, driver } = this.#context;
    await this.#nodes.read();
    const { allocations, queue } = await readStoredAccount(repository, driver.overhead());
    // The queue is fed as arrivals, so that the first decision of this snapshot answers for each of them.
    const snapshot = snapshotOf({ nodes: this.#nodes.all, allocations, queue: [], settings: this.#settings });
    // What came while this was read may not be in it; each change may be told twice.
    this.#changes = [...queue.map((demand): Change => ({ kind: "arrived", demand })), ...this.#changes];
    this.#known = new Set(queue.map(({ id }) => id));
    return snapshot;
  }

  /** Looks whether nodes came, went or changed; decides again when they did. */
  async refreshNodes(): Promise<void> {
    if (await this.#nodes.read()) await this.change({ kind: "nodes", nodes: this.#nodes.all });
  }

  /** The Resource Manager knows that it waits: nobody has to look at it until that changes. */
  knows(id: string): boolean {
    return this.#known.has(id);
  }

  /** A demand that the Resource Manager has been told of is not told again; until it is answered, and that is written. */
  async arrived(row: WorkspaceRow): Promise<void> {
    if (this.#known.has(row.id)) return;
    this.#known.add(row.id);
    try {
      const home = await this.#homes.read(row.home);
      await this.change({ kind: "arrived", demand: demandOf(row, this.#context.driver.overhead(), home) });
    } catch (error) {
      this.#known.delete(row.id);
      throw error;
    }
  }

  /** Takes changes in together and decides; those that come while a decision is being written go into the next one. */
  change(...changes: readonly Change[]): Promise<void> {
    this.#changes.push(...changes);
    return this.decide();
  }

  /** The workspace has let its room go; what its home holds of it (`undefined`: there is none) is charged to that from now on. */
  letGo(workspace: string, home: string, kept: HomeRow | undefined): Promise<void> {
    const allocation = allocationOf(kept);
    return this.change(
      { kind: "released", id: workspace },
      allocation === undefined ? { kind: "released", id: home } : { kind: "allocated", allocation },
    );
  }

  /** The allocation of a ready workspace has these amounts from now on, in its row as it is then; or its node has no room for that. Rejects when nothing could be decided now. */
  async resize(id: string, amounts: Amounts): Promise<WorkspaceRow | NotResized> {
    const decided = Promise.withResolvers<WorkspaceRow | NotResized>();
    this.#resizes.set(id, decided);
    decided.promise.catch(() => {});
    await this.change({ kind: "resize", id, amounts });
    if (this.#resizes.delete(id)) decided.reject(new Error("the resize was not decided: the account is read anew, or Guise is stopping"));
    return decided.promise;
  }

  decide(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#cycles().finally(() => {
      this.#running = undefined;
      // Told between the last look and here: whoever told waits for this promise.
      return this.#isDue() ? this.decide() : undefined;
    });
    return this.#running;
  }

  /** No more decisions; resolves when the one under way is written or given up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    await this.#running;
  }

  async #cycles(): Promise<void> {
    do {
      this.#again = false;
      await this.#cycle();
    } while (this.#isDue());
  }

  #isDue(): boolean {
    return !this.#stopped && this.#retry === undefined && (this.#again || this.#changes.length > 0);
  }

  async #cycle(): Promise<void> {
    try {
      this.#snapshot ??= await this.#rebuildNow();
      const changes = this.#changes;
      this.#changes = [];
      const { decisions, snapshot } = decide(this.#snapshot, changes);
      this.#snapshot = snapshot;
      this.view.show(snapshot);
      for (const change of changes) if (change.kind === "withdrawn") this.#known.delete(change.id);
      await this.#apply(decisions);
      this.#failures = 0;
    } catch (error) {
      this.#context.log.warn({ err: error }, "an admission could not be written; the account is read anew");
      this.#snapshot = undefined;
      this.#tryLater();
    }
  }

  /** At once after somebody was quicker; a disk that is full, or an engine that is away, is not asked all the time. */
  #tryLater(): void {
    const pause = RETRY_PAUSES[Math.min(this.#failures++, RETRY_PAUSES.length - 1)] ?? 0;
    this.#retry?.cancel();
    this.#retry = this.#context.clock.after(
      pause,
      () => {
        this.#retry = undefined;
        this.decide().catch((error: unknown) => this.#context.log.error({ err: error }, "an admission was not decided"));
      },
      { unref: true },
    );
  }

  /** Who is answered is forgotten only when the answer is written: else a look at the queue meanwhile would tell of it again, and it would count as known for ever. */
  async #apply(decisions: readonly Decision[]): Promise<void> {
    if (decisions.length === 0) return;
    for (const decision of decisions) {
      if (decision.kind === "waits" && this.#context.live.isHeard(decision.id))
        this.#context.live.publish({ kind: "queue", workspace: decision.id, state: "queued", ...withoutId(waitingView(decision)) });
      if (decision.kind === "not_resized") this.#answerResize(decision.id, decision);
    }
    this.onDecided();
    const { moved, unused } = await this.#writer.write(decisions);
    for (const id of unused) this.#changes.push({ kind: "released", id });
    for (const { id, kind } of decisions) if (kind === "admitted" || kind === "refused") this.#known.delete(id);
    for (const row of moved) {
      if (row.state === "ready") this.#answerResize(row.id, row);
      else this.onAdmitted(row);
    }
  }

  #answerResize(id: string, answer: WorkspaceRow | NotResized): void {
    this.#resizes.get(id)?.resolve(answer);
    this.#resizes.delete(id);
  }
}

function withoutId({ id: _, ...rest }: ReturnType<typeof waitingView>) {
  return rest;
}
