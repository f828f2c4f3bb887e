import type { UsagePoint, UsageSample, WorkspaceState, WorkspaceUsage } from "@guise/contract";
import { type Clock, codeOf, type Log, repeat } from "#foundation";
import type { Driver } from "#provisioning";
import type { LaunchRow, Repository, StoredPoint, UsageStore, WorkspaceRow } from "#repository";
import { applicationViews, type KeptUsage, type LaunchFacts, PointMaker, totalsOf, type UsedBy, WorkspaceMeter } from "#usage";
import type { LimitWatch } from "./limit-watch.ts";
import type { LiveEvents } from "./live-events.ts";
import { Looks } from "./looks.ts";
import { handleOf } from "./steps/handle.ts";
import { UsedDays } from "./used-days.ts";

const PERIOD = 5_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Series: how long a point is, and how long it is kept, ms. */
const MINUTES = { length: MINUTE, kept: 6 * HOUR };
const QUARTERS = { length: 15 * MINUTE, kept: 35 * 24 * HOUR };

export interface UsageSamplerOptions {
  readonly repository: Pick<Repository, "workspaces" | "launches">;
  readonly driver: Pick<Driver, "usage" | "name">;
  readonly store: UsageStore;
  readonly limits: Pick<LimitWatch, "measured" | "notesOf">;
  readonly live: Pick<LiveEvents, "subscribeToAll">;
  readonly clock: Clock;
  readonly log: Log;
  readonly period?: number;
}

export type UsageListener = (sample: UsageSample) => void;

/** One sandbox under measurement. */
interface Measured {
  readonly generation: number;
  readonly by: UsedBy;
  readonly meter: WorkspaceMeter;
  readonly minutes: PointMaker;
  readonly quarters: PointMaker;
  launches: readonly LaunchFacts[];
  latest: UsageSample | undefined;
  /** Of the kernel, by the monotonic clock, for who asks whether it computes. */
  cpu: { readonly at: number; readonly used: number } | undefined;
}

/** Looks at every ready workspace every few seconds: what it uses is told live, and kept as series. */
export class UsageSampler {
  readonly #options: UsageSamplerOptions;
  readonly #measured = new Map<string, Measured>();
  readonly #listeners = new Set<UsageListener>();
  readonly #stale = new Set<string>();
  /** Of sandboxes that ended since the last save. */
  readonly #ended = new Map<string, KeptUsage>();
  readonly #forget: () => void;
  readonly days: UsedDays;
  #unsaved: StoredPoint[] = [];
  #savedAt: number;
  #forgotAt = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();
  readonly #looks: Looks;
  #stopped = false;
  #endTurns = async () => {};

  constructor(options: UsageSamplerOptions) {
    this.#options = options;
    this.#savedAt = options.clock.monotonic();
    this.days = new UsedDays(options.store);
    this.#looks = new Looks(options.clock);
    this.#forget = options.live.subscribeToAll(({ kind, workspace, state }) => {
      if (kind === "launch") this.#stale.add(workspace);
      // What it used since the last look is not lost with it.
      if (kind === "state" && (state === "suspending" || state === "releasing")) void this.#lookOnceMore(workspace);
    });
  }

  begin(): void {
    const { clock, log, period = PERIOD } = this.#options;
    this.#endTurns = repeat({ clock, log, pause: period, failed: "usage could not be measured" }, () => this.look());
  }

  /** Saves what was measured. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    await this.#endTurns();
    await this.#turn;
    for (const [id, measured] of this.#measured) this.#closePoints(id, measured);
    await this.#save();
  }

  /** The last sample of one that runs. */
  latest(workspace: string): UsageSample | undefined {
    return this.#measured.get(workspace)?.latest;
  }

  /** Cpu time of the sandbox in ms, and when that was, by the monotonic clock. */
  cpuOf({ id, generation }: WorkspaceRow): { readonly at: number; readonly used: number } | undefined {
    const measured = this.#measured.get(id);
    return measured?.generation === generation ? measured.cpu : undefined;
  }

  subscribe(listener: UsageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All that is known of a workspace's usage, also when it has ended. One that has just become ready is looked at for it. */
  async usageOf({ id: workspace, state }: WorkspaceRow): Promise<WorkspaceUsage> {
    const { repository, store, clock } = this.#options;
    const isNew = ({ generation }: WorkspaceRow) => this.#measured.get(workspace)?.generation !== generation;
    if (state === "ready") await this.#lookOnce(workspace, ["ready"], isNew);
    const measured = this.#measured.get(workspace);
    const latest = state === "ready" ? measured?.latest : undefined;
    const kept = measured?.meter.kept ?? this.#ended.get(workspace) ?? ((await store.kept(workspace)) as KeptUsage | undefined);
    const launches = (await repository.launches(workspace)).map(factsOf);
    const now = clock.now();
    const [quarters, minutes] = await Promise.all([
      store.points(workspace, QUARTERS.length, now - QUARTERS.kept),
      store.points(workspace, MINUTES.length, now - MINUTES.kept),
    ]);
    const unsaved = this.#unsaved.filter((one) => one.workspace === workspace && one.length === MINUTES.length).map(({ point }) => point);
    const recent = [...minutes, ...unsaved];
    const from = recent[0]?.at;
    return {
      workspace_id: workspace,
      ...(latest === undefined ? {} : { latest }),
      totals: kept === undefined ? { cpu_time: 0, received: 0, sent: 0 } : totalsOf(kept),
      ...(kept?.ramMost === undefined ? {} : { ram_most: kept.ramMost }),
      limits_hit: [...this.#options.limits.notesOf(workspace)],
      applications: latest?.applications ?? applicationViews(kept?.applications ?? {}, launches),
      series: [...quarters.filter(({ at }) => from === undefined || at < from), ...recent],
    };
  }

  /** One look at everybody. */
  look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#lookAtAll());
    return this.#turn;
  }

  async #lookAtAll(): Promise<void> {
    const { repository, driver, clock, log } = this.#options;
    try {
      const rows = driver.usage === undefined ? [] : await repository.workspaces({ states: ["ready"] });
      this.#closeOthers(rows);
      await this.#lookAtEach(rows);
      if (clock.monotonic() - this.#savedAt >= MINUTE) await this.#save();
      if (clock.monotonic() - this.#forgotAt >= HOUR) await this.#forgetOld();
    } catch (error) {
      if (!this.#stopped) log.warn({ err: error }, "usage could not be measured");
    }
  }

  /** While its sandbox is still there. */
  #lookOnceMore(workspace: string): Promise<void> {
    const isMeasured = ({ generation }: WorkspaceRow) => this.#measured.get(workspace)?.generation === generation;
    return this.#lookOnce(workspace, ["suspending", "releasing"], isMeasured);
  }

  /** A look at one alone, if it is in one of these states and wanted then. */
  #lookOnce(workspace: string, states: readonly WorkspaceState[], isWanted: (row: WorkspaceRow) => boolean): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      try {
        const rows = await this.#options.repository.workspaces({ ids: [workspace], states });
        await this.#lookAtEach(rows.filter(isWanted));
      } catch (error) {
        if (!this.#stopped) this.#options.log.warn({ err: error, workspace }, "the usage of a workspace could not be measured");
      }
    });
    return this.#turn;
  }

  #closeOthers(rows: readonly WorkspaceRow[]): void {
    const present = new Map(rows.map(({ id, generation }) => [id, generation]));
    for (const [id, measured] of this.#measured) if (present.get(id) !== measured.generation) this.#closePoints(id, measured);
  }

  /** The sandbox has ended: what was measured of it is saved with the next save. */
  #closePoints(id: string, measured: Measured): void {
    this.#notePoint(measured, MINUTES.length, measured.minutes.close());
    this.#notePoint(measured, QUARTERS.length, measured.quarters.close());
    this.days.book.end(id);
    this.#ended.set(id, measured.meter.kept);
    this.#measured.delete(id);
    this.#stale.delete(id);
  }

  #lookAtEach(rows: readonly WorkspaceRow[]): Promise<void> {
    return this.#looks.round(rows, (row) =>
      this.#lookAt(row).catch((error: unknown) => {
        if (!this.#stopped) this.#options.log.warn({ err: error, workspace: row.id }, "the usage of a workspace could not be measured");
      }),
    );
  }

  async #lookAt(row: WorkspaceRow): Promise<void> {
    const { driver, clock } = this.#options;
    const known = this.#measured.get(row.id);
    if (known !== undefined && known.generation !== row.generation) this.#closePoints(row.id, known);
    const before = this.#measured.get(row.id);
    // Before it: all that was used until then is in it.
    const at = clock.now();
    const cpuAt = clock.monotonic();
    const reading = await driver.usage?.sample(handleOf({ driver }, row)).catch((error: unknown) => {
      // A sandbox that just ended says nothing, and one that holds the kernel up nothing now.
      if (codeOf(error) === undefined) throw error;
      return undefined;
    });
    // One that ended meanwhile is accounted for already.
    if (reading === undefined || (before !== undefined && this.#measured.get(row.id) !== before)) return;
    const measured = this.#measured.get(row.id) ?? (await this.#begin(row, at));
    const { processes, limits, ...counters } = reading;
    // A launch is written down before its program starts, and told afterwards.
    const noted = new Set(measured.launches.map(({ id }) => id));
    const isNew = processes.some(({ launch }) => launch !== undefined && !noted.has(launch));
    if (this.#stale.delete(row.id) || isNew) measured.launches = (await this.#options.repository.launches(row.id)).map(factsOf);
    if (!this.days.book.knows(row.id)) this.days.book.begin(row.id, usedBefore(measured));
    const sample = measured.meter.read({ at, counters, processes, launches: measured.launches });
    measured.meter.noteRamMost(limits.ramMost);
    const applications = new Set(
      measured.launches.filter(({ id }) => processes.some(({ launch }) => launch === id)).map(({ application }) => application),
    );
    await this.#options.limits.measured(row, { limits, rates: sample, applications });
    measured.cpu = { at: cpuAt, used: counters.cpu };
    measured.latest = sample;
    this.#notePoint(measured, MINUTES.length, measured.minutes.add(sample));
    this.#notePoint(measured, QUARTERS.length, measured.quarters.add(sample));
    for (const listener of this.#listeners) listener(sample);
  }

  /** Days are made of minutes. */
  #notePoint({ by, latest }: Measured, length: number, point: UsagePoint | undefined): void {
    if (point === undefined) return;
    this.#unsaved.push({ workspace: by.id, length, point });
    if (length === MINUTES.length) this.days.book.note(by, point, latest?.applications ?? []);
  }

  async #begin(row: WorkspaceRow, now: number): Promise<Measured> {
    const { id, owner, group, persona, version, demand } = row;
    const kept = this.#ended.get(row.id) ?? ((await this.#options.store.kept(row.id)) as KeptUsage | undefined);
    const measured: Measured = {
      generation: row.generation,
      by: { id, owner, group, persona, version, demand },
      meter: new WorkspaceMeter(row.id, row.generation, kept, row.readyAt ?? now),
      minutes: new PointMaker(MINUTES.length),
      quarters: new PointMaker(QUARTERS.length),
      launches: [],
      latest: undefined,
      cpu: undefined,
    };
    this.#stale.add(row.id);
    this.#measured.set(row.id, measured);
    return measured;
  }

  async #save(): Promise<void> {
    const points = this.#unsaved;
    const days = this.days.book.take();
    const kept = [...this.#ended.values(), ...[...this.#measured.values()].map(({ meter }) => meter.kept)];
    this.#unsaved = [];
    this.#ended.clear();
    this.#savedAt = this.#options.clock.monotonic();
    if (points.length + kept.length === 0) return;
    await this.#options.store
      .save(
        points,
        kept.map((data) => ({ workspace: data.workspace, at: data.at, data })),
        days,
      )
      .catch((error: unknown) => this.#options.log.warn({ err: error }, "a minute of usage could not be saved"));
  }

  async #forgetOld(): Promise<void> {
    const { store, clock } = this.#options;
    this.#forgotAt = clock.monotonic();
    const now = clock.now();
    for (const { length, kept } of [MINUTES, QUARTERS]) await store.forget(length, now - kept);
    await store.forgetKept(now - QUARTERS.kept);
    await store.forgetDays(now - QUARTERS.kept);
  }
}

/** What its applications had used when it was measured last. */
function usedBefore({ meter: { kept }, launches }: Measured) {
  return applicationViews(
    kept.applications,
    launches.filter(({ startedAt }) => startedAt <= kept.at),
  );
}

function factsOf({ id, application, state, startedAt, endedAt }: LaunchRow): LaunchFacts {
  return { id, application, isOpen: state === "running" || state === "starting", startedAt, endedAt };
}
