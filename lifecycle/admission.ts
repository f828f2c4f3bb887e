import { type Amounts, addAmounts, formatAmounts, PRIORITIES, type Priority } from "@guise/contract";
import type { Timer } from "#foundation";
import type { HomeRow, WorkspaceRow, WorkspaceStep } from "#repository";
import {
  type Advice,
  accountOf,
  advise,
  adviseResize,
  type Change,
  type Decision,
  type Demand,
  decide,
  type Node,
  type NotResized,
  queueOf,
  type Resized,
  type Settings,
  sentenceOf,
  snapshotOf,
  usableCapacity,
} from "#resource-manager";
import type { LoopContext } from "./context.ts";
import { allocationOf, besideHome, type ChargedHome, demandOf, pinnedBy, workspaceAllocation } from "./translate.ts";

type Snapshot = ReturnType<typeof snapshotOf>;

/** Ms before an admission that could not be written is tried again; the last repeats. */
const RETRY_PAUSES = [0, 0, 250, 1_000, 5_000];

export interface WaitingView {
  readonly id: string;
  readonly place: number;
  readonly reason: "waiting_for_room" | "waiting_in_line";
  readonly message: string;
}

/** Reserves and overcommit of a node (DESIGN §6). */
export interface CapacityPolicy {
  readonly reserve: Partial<Amounts>;
  readonly overcommit: Partial<Record<keyof Amounts, number>>;
}

/**
 * Keeps the Resource Manager's snapshot beside the database: feeds it changes, and writes what it decides in one
 * step. When a write does not hold (somebody withdrew meanwhile), the snapshot is rebuilt from the database.
 */
export class Admission {
  readonly #context: LoopContext;
  readonly #settings: Settings;
  readonly #policy: CapacityPolicy;
  #snapshot: Snapshot | undefined;
  #nodes: readonly Node[] = [];
  #assumed: ReadonlyMap<string, readonly string[]> = new Map();
  #changes: Change[] = [];
  /** Demands that the Resource Manager has been told of and has not answered with admission or refusal. */
  #known = new Set<string>();
  #waiting = new Map<string, WaitingView>();
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
    this.#policy = policy;
  }

  /** Reads nodes, allocations and queue anew, and decides. */
  async rebuild(): Promise<void> {
    this.#snapshot = undefined;
    await this.decide();
  }

  /** Only within a cycle: what is being written would be missed. */
  async #rebuildNow(): Promise<void> {
    await this.#readNodes();
    const { repository, driver } = this.#context;
    const rows = await repository.workspaces({ states: ["queued"] });
    const homes = await repository.homes({ charged: true });
    const homeOf = (row: WorkspaceRow) => homes.find(({ home }) => home === row.home);
    const queue = rows.filter((row) => row.desired !== "released").map((row) => demandOf(row, driver.overhead(), homeOf(row)));
    const workspaces = (await repository.allocations()).map(workspaceAllocation);
    const allocations = [...workspaces, ...homes.flatMap((home) => allocationOf(home) ?? [])];
    // The queue is fed as arrivals, so that the first decision of this snapshot answers for each of them.
    this.#snapshot = snapshotOf({ nodes: this.#nodes, allocations, queue: [], settings: this.#settings });
    // What came while this was read may not be in it; each change may be told twice.
    this.#changes = [...queue.map((demand): Change => ({ kind: "arrived", demand })), ...this.#changes];
    this.#waiting = new Map();
    this.#known = new Set(queue.map(({ id }) => id));
  }

  async #readNodes(): Promise<void> {
    const capacities = await this.#context.driver.capacity();
    const usable = (amounts: Amounts) => usableCapacity(amounts, this.#policy);
    this.#nodes = capacities.map(({ node, capacity, ceiling }) => ({ node, capacity: usable(capacity), ceiling: usable(ceiling) }));
    this.#assumed = new Map(capacities.map(({ node, assumed }) => [node, assumed]));
  }

  /** Looks whether nodes came, went or changed; decides again when they did. */
  async refreshNodes(): Promise<void> {
    const before = JSON.stringify(this.#nodes);
    await this.#readNodes();
    if (JSON.stringify(this.#nodes) !== before) await this.change({ kind: "nodes", nodes: this.#nodes });
  }

  /** A demand that the Resource Manager has been told of is not told again; until it is answered, and that is written. */
  async arrived(row: WorkspaceRow): Promise<void> {
    if (this.#known.has(row.id)) return;
    this.#known.add(row.id);
    try {
      const home = await this.#context.repository.home(row.home);
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
      if (this.#snapshot === undefined) await this.#rebuildNow();
      if (this.#snapshot === undefined) return;
      const changes = this.#changes;
      this.#changes = [];
      const { decisions, snapshot } = decide(this.#snapshot, changes, this.#context.clock.now());
      this.#snapshot = snapshot;
      for (const change of changes) if (change.kind === "withdrawn") this.#forget(change.id);
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
    const { repository } = this.#context;
    const answered: string[] = [];
    const steps: WorkspaceStep[] = [];
    for (const decision of decisions) {
      if (decision.kind === "waits") this.#tellWaiting(decision);
      if (decision.kind === "not_resized") this.#answerResize(decision.id, decision);
      if (decision.kind === "resized") steps.push(...(await this.#reallocation(decision)));
      if (decision.kind !== "admitted" && decision.kind !== "refused") continue;
      const row = await repository.workspace(decision.id);
      answered.push(decision.id);
      // Those that are being given back are withdrawn by that; who is to be suspended starts first, unless it has files to be suspended with.
      if (row === undefined || row.state !== "queued" || row.desired === "released") {
        if (decision.kind === "admitted" && !(await this.#isAllocated(decision.id)))
          this.#changes.push({ kind: "released", id: decision.id });
        continue;
      }
      steps.push(this.#stepFor(row, decision));
    }
    if (decisions.length > 0) this.onDecided();
    const moved = steps.length === 0 ? [] : await repository.moveAll(steps);
    for (const id of answered) this.#forget(id);
    for (const row of moved) {
      if (row.state === "ready") this.#answerResize(row.id, row);
      else this.onAdmitted(row);
    }
  }

  async #isAllocated(id: string): Promise<boolean> {
    return (await this.#context.repository.allocations()).some(({ workspace }) => workspace === id);
  }

  #stepFor(row: WorkspaceRow, decision: Extract<Decision, { kind: "admitted" | "refused" }>): WorkspaceStep {
    const base = { id: row.id, revision: row.revision, at: this.#context.clock.now() };
    if (decision.kind === "refused") return { ...base, to: "failing", reason: "start_failed", message: sentenceOf(decision) };
    return {
      ...base,
      to: "provisioning",
      reason: "starting",
      message: `admitted on ${decision.node}`,
      allocate: { node: decision.node, amounts: decision.amounts },
      newGeneration: { engineName: this.#context.ids.next("g", 16) },
    };
  }

  /** Of what is not ready any more nothing is written: it gives back what it has, and asks again when it is ready again. */
  async #reallocation({ id, amounts }: Resized): Promise<readonly WorkspaceStep[]> {
    const row = await this.#context.repository.workspace(id);
    if (row?.state !== "ready" || row.desired !== "ready" || row.wantedDemand === undefined) return [];
    const message = `being resized to ${formatAmounts(row.wantedDemand)}`;
    return [{ id, revision: row.revision, to: "ready", at: this.#context.clock.now(), reallocate: amounts, message }];
  }

  #answerResize(id: string, answer: WorkspaceRow | NotResized): void {
    this.#resizes.get(id)?.resolve(answer);
    this.#resizes.delete(id);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#waiting.delete(id);
  }

  #tellWaiting(decision: Extract<Decision, { kind: "waits" }>): void {
    const message = sentenceOf(decision);
    this.#waiting.set(decision.id, { id: decision.id, place: decision.place, reason: decision.reason, message });
    this.#context.live.publish({
      kind: "queue",
      workspace: decision.id,
      state: "queued",
      reason: decision.reason,
      message,
      place: decision.place,
    });
  }

  /** The account as of the last decision; undefined while it is read anew. */
  snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Would this start now? On the latest snapshot; only the loop's decision binds. */
  advise(amounts: Amounts, priority: Priority, group: string, home?: ChargedHome): Advice {
    if (this.#snapshot === undefined) return { kind: "would_wait", reason: "waiting_for_room", place: 1, short: [], node: null };
    const { clock, driver } = this.#context;
    const demand: Demand = {
      id: "advice",
      amounts: addAmounts(besideHome(amounts, home), driver.overhead()),
      priority: PRIORITIES[priority],
      group,
      since: clock.now(),
      pinned: pinnedBy(home),
      preemptible: true,
    };
    return advise(this.#snapshot, demand, clock.now());
  }

  /** Would it get these amounts now? Those of the persona; what its home holds stays. */
  adviseResize(id: string, wanted: Amounts): Resized | NotResized {
    if (this.#snapshot === undefined) return { kind: "not_resized", id, node: null, short: [] };
    return adviseResize(this.#snapshot, { id, amounts: addAmounts(wanted, this.#context.driver.overhead()) });
  }

  waiting(id: string): WaitingView | undefined {
    if (this.#snapshot === undefined) return this.#waiting.get(id);
    return this.queue().find((entry) => entry.id === id) ?? this.#waiting.get(id);
  }

  queue(): readonly WaitingView[] {
    if (this.#snapshot === undefined) return [];
    return queueOf(this.#snapshot).map((decision) => ({
      id: decision.id,
      place: decision.place,
      reason: decision.reason,
      message: sentenceOf(decision),
    }));
  }

  account(): readonly { node: string; capacity: Amounts; allocated: Amounts; free: Amounts; assumed: readonly string[] }[] {
    if (this.#snapshot === undefined) return [];
    return accountOf(this.#snapshot).map((entry) => ({ ...entry, assumed: this.#assumed.get(entry.node) ?? [] }));
  }
}
