import type { Amounts, LimitKind, LimitNote } from "@guise/contract";
import { plainText } from "@guise/contract";
import { type Clock, codeOf, type Log } from "#foundation";
import type { Driver, UsagePower } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import { type HomeRoom, hitsBetween, type LimitCounters, LimitNotebook, limitOfHome, saturated, wordsOf } from "#usage";
import type { LiveEvents } from "./live-events.ts";
import { handleOf } from "./steps/handle.ts";
import { concreteOf, PROCESS_LIMIT } from "./translate.ts";

/** What nobody answered within so many ms is left for the next look. */
const ANSWERS_WITHIN = 1_000;
/** The guard of one workspace is asked no more often than this, ms. */
const GUARD_PAUSE = 60_000;
const KEPT_KILLS = 10;
/** Names of programs are the programs' own; the kernel keeps 15 characters. */
const LONGEST_NAME = 15;
const NONE: LimitCounters = { kills: 0, refusedProcesses: 0 };

export interface LimitWatchOptions {
  readonly repository: Pick<Repository, "recordKill" | "kills">;
  readonly driver: Pick<Driver, "usage" | "name">;
  readonly live: Pick<LiveEvents, "publish" | "subscribeToAll">;
  readonly clock: Clock;
  readonly log: Log;
}

type Rates = Pick<Amounts, "ingress" | "egress">;
type Reading = Awaited<ReturnType<UsagePower["limits"]>>;

/** What was measured of a sandbox just now. */
export interface Measured {
  readonly limits: LimitCounters;
  readonly rates: Rates;
  /** Of which processes run. */
  readonly applications: ReadonlySet<string>;
}

interface Watched {
  generation: number;
  readonly notebook: LimitNotebook;
  counters: LimitCounters;
  applications: ReadonlySet<string>;
  /** As the guard said last, and when it was asked, by the monotonic clock. */
  dropped: Rates;
  askedAt: number;
  /** The last look that found a program killed, by the monotonic clock, and its note. */
  killed: { readonly seenAt: number; readonly note: LimitNote } | undefined;
}

/** Says which limits workspaces hit, from the kernel's own counters. Looks when usage is measured, and when a program was killed. */
export class LimitWatch {
  readonly #options: LimitWatchOptions;
  readonly #watched = new Map<string, Watched>();
  /** Looks at one workspace go one after another: a later reading never counts before an earlier one. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #startedAt: number;
  readonly #forget: () => void;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#forget = options.live.subscribeToAll(({ kind, state, workspace }) => {
      if (kind === "state" && state === "released") this.#watched.delete(workspace);
    });
  }

  stop(): void {
    this.#forget();
  }

  /** The newest first. */
  notesOf(workspace: string): readonly LimitNote[] {
    return this.#watched.get(workspace)?.notebook.notes ?? [];
  }

  /** More is read only where something grew, or where as much is moved as may be. Never rejects. */
  async measured(row: WorkspaceRow, now: Measured): Promise<void> {
    const known = this.#watched.get(row.id);
    const isKnown = known?.generation === row.generation;
    const isCalm = isKnown && hitsBetween(known.counters, now.limits).length === 0 && saturated(now.rates, row.demand).length === 0;
    if (!isCalm) await this.#look(row, now);
    const watched = this.#watched.get(row.id);
    if (watched !== undefined) watched.applications = now.applications;
  }

  /** Looks now: the note of the program that was killed since then, by the monotonic clock. */
  async killedSince(row: WorkspaceRow, since: number): Promise<LimitNote | undefined> {
    await this.#look(row, undefined);
    const killed = this.#watched.get(row.id)?.killed;
    return killed !== undefined && killed.seenAt >= since ? killed.note : undefined;
  }

  /** Its home was found full. */
  async homeFilled(row: WorkspaceRow, room: HomeRoom): Promise<void> {
    await this.#inTurn(row, async () => this.#note(row, await this.#watchedOf(row, undefined), limitOfHome(room), 1, {}));
  }

  #look(row: WorkspaceRow, now: Measured | undefined): Promise<void> {
    return this.#inTurn(row, async (usage) => {
      const reading = await this.#answered(row, usage.limits(handleOf(this.#options, row)));
      if (reading === undefined) return;
      const watched = await this.#watchedOf(row, reading);
      const hits = hitsBetween(watched.counters, reading);
      watched.counters = reading;
      for (const { limit, times } of hits) await this.#note(row, watched, limit, times, whoWas(reading, watched, now));
      if (now !== undefined) await this.#askGuard(row, watched, usage, saturated(now.rates, row.demand));
    }) as Promise<void>;
  }

  #inTurn<T>(row: WorkspaceRow, work: (usage: UsagePower) => Promise<T>): Promise<T | undefined> {
    const { usage } = this.#options.driver;
    if (usage === undefined) return Promise.resolve(undefined);
    const turn = (this.#turns.get(row.id) ?? Promise.resolve()).then(() => work(usage)).catch((error: unknown) => this.#failed(row, error));
    this.#turns.set(row.id, turn);
    void turn.then(() => this.#turns.get(row.id) === turn && this.#turns.delete(row.id));
    return turn;
  }

  #failed(row: WorkspaceRow, error: unknown): undefined {
    this.#options.log.warn({ err: error, workspace: row.id }, "which limits a workspace hit could not be told");
    return undefined;
  }

  /** Undefined from a sandbox that just ended, and from one that is not heard in time. */
  async #answered<T>(row: WorkspaceRow, answer: Promise<T>): Promise<T | undefined> {
    const { clock, log } = this.#options;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = clock.after(
      ANSWERS_WITHIN,
      () => {
        log.warn({ workspace: row.id }, "the kernel's counters were not read in time");
        resolve(undefined);
      },
      { unref: true },
    );
    const known = answer.catch((error: unknown) => {
      if (codeOf(error) === undefined) throw error;
      return undefined;
    });
    return await Promise.race([known, late]).finally(() => timer.cancel());
  }

  async #watchedOf(row: WorkspaceRow, reading: Reading | undefined): Promise<Watched> {
    const known = this.#watched.get(row.id);
    if (known?.generation === row.generation) return known;
    const fresh = {
      generation: row.generation,
      counters: NONE,
      applications: new Set<string>(),
      dropped: { ingress: 0, egress: 0 },
      askedAt: Number.NEGATIVE_INFINITY,
    };
    const watched: Watched = known === undefined ? await this.#begun(row, reading, fresh) : Object.assign(known, fresh);
    this.#watched.set(row.id, watched);
    return watched;
  }

  /** What ran before Guise was started has told of its kills until then; what happened meanwhile is told now. */
  async #begun(row: WorkspaceRow, reading: Reading | undefined, fresh: Omit<Watched, "notebook" | "killed">) {
    const ranBefore = (row.readyAt ?? 0) < this.#startedAt;
    const earlier = ranBefore || row.generation > 1 ? await this.#options.repository.kills(row.id, KEPT_KILLS) : [];
    const counters = ranBefore && reading !== undefined ? toldBefore(reading, earlier[0]) : NONE;
    return { ...fresh, counters, notebook: new LimitNotebook(earlier), killed: undefined };
  }

  async #note(row: WorkspaceRow, watched: Watched, limit: LimitKind, times: number, who: Who): Promise<void> {
    const { clock, repository, live } = this.#options;
    const program = limit === "memory" ? who.program : undefined;
    const most = { ...row.demand, ...concreteOf(row).limits };
    const words = wordsOf(limit, { workspace: row.id, demand: row.demand, most, processes: PROCESS_LIMIT }, program);
    const at = new Date((limit === "memory" ? who.at : undefined) ?? clock.now()).toISOString();
    const { note, isNew } = watched.notebook.add({ limit, at, count: times, ...(program === undefined ? {} : { program }), ...words });
    if (limit === "memory") watched.killed = { seenAt: clock.monotonic(), note };
    if (!isNew) return;
    if (limit === "memory") await repository.recordKill(row.id, note);
    else live.publish({ kind: "limit", workspace: row.id, state: row.state, message: note.message, limit: note });
  }

  /** Who moves as much as it may is slowed down when packets were dropped for it. */
  async #askGuard(row: WorkspaceRow, watched: Watched, usage: UsagePower, ways: readonly (keyof Rates)[]): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (ways.length === 0 || now - watched.askedAt < GUARD_PAUSE) return;
    watched.askedAt = now;
    const dropped = await this.#answered(row, usage.dropped(handleOf(this.#options, row)));
    if (dropped === undefined) return;
    const before = watched.dropped;
    watched.dropped = dropped;
    for (const way of ways) if (dropped[way] > before[way]) await this.#note(row, watched, way, 1, {});
  }
}

interface Who {
  readonly program?: string;
  readonly at?: number;
}

/** Whom the kernel ended last: by its log, else the application of which no process is there any more. Pure. */
function whoWas({ killed }: Reading, before: Pick<Watched, "applications">, now: Measured | undefined): Who {
  const last = killed.at(-1);
  const logged = last === undefined ? "" : plainText(last.program, LONGEST_NAME);
  const ended = now === undefined ? [] : [...before.applications].filter((application) => !now.applications.has(application));
  const program = logged !== "" ? logged : ended[0];
  return { ...(program === undefined ? {} : { program }), ...(last === undefined ? {} : { at: last.at }) };
}

/** The counters as of the newest note: kills that the kernel logged later than its minute were not told yet. Pure. */
function toldBefore(reading: Reading, newest: LimitNote | undefined): LimitCounters {
  const told = newest === undefined ? Number.NEGATIVE_INFINITY : Date.parse(newest.at) + 60_000;
  const untold = reading.killed.filter(({ at }) => at > told).length;
  const isUnlogged = reading.killed.length === 0 && newest === undefined;
  return { kills: isUnlogged ? 0 : Math.max(0, reading.kills - untold), refusedProcesses: reading.refusedProcesses };
}
