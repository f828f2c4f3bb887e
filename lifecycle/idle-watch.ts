import { type Clock, type Log, repeat } from "#foundation";
import type { Repository, WorkspaceRow } from "#repository";
import { type Activity, type Idleness, idlenessOf, idleSentence } from "#usage";
import type { LiveEvents } from "./live-events.ts";
import { concreteOf } from "./translate.ts";

/** How often every workspace that may become idle is looked at, ms. */
const PERIOD = 15_000;
/** Programs that use less than this share of a core only wait. */
const BUSY_SHARE = 0.05;

export interface IdleWatchOptions {
  readonly repository: Repository;
  /** Cpu time of its sandbox in ms, and when that was, by the monotonic clock. */
  readonly cpuOf: (row: WorkspaceRow) => { readonly at: number; readonly used: number } | undefined;
  readonly activity: Activity;
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly log: Log;
  /** A workspace is to be suspended. */
  readonly wake: (workspace: string) => void;
  readonly period?: number;
}

interface Watched {
  readonly generation: number;
  /** By the monotonic clock. */
  readonly since: number;
  cpu: { readonly at: number; readonly used: number } | undefined;
  warned: boolean;
}

/** Suspends workspaces that nobody uses, where their persona says after how long. Warns first; whoever uses or keeps one is left alone. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #stopped = false;
  #endTurns = async () => {};

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    const { clock, log, period = PERIOD } = this.#options;
    this.#endTurns = repeat({ clock, log, pause: period, failed: "idle workspaces could not be looked for" }, () => this.#turn());
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#endTurns();
  }

  /** How idle a ready workspace is; undefined where its persona sets no limit, or it was not looked at yet. */
  idlenessOf(row: WorkspaceRow): Idleness | undefined {
    const after = concreteOf(row).idleAfter;
    const watched = this.#watched.get(row.id);
    if (after === undefined || row.state !== "ready" || watched?.generation !== row.generation) return undefined;
    return idlenessOf(this.#options.activity.last(row.id), watched.since, this.#options.clock.monotonic(), { after });
  }

  async #turn(): Promise<void> {
    const rows = (await this.#options.repository.workspaces({ states: ["ready"] })).filter(
      (row) => concreteOf(row).idleAfter !== undefined,
    );
    this.#forgetOthers(rows);
    for (const row of rows) await this.#look(row);
  }

  #forgetOthers(rows: readonly WorkspaceRow[]): void {
    const present = new Set(rows.map(({ id }) => id));
    for (const id of this.#watched.keys()) {
      if (present.has(id)) continue;
      this.#watched.delete(id);
      this.#options.activity.forget(id);
    }
  }

  async #look(row: WorkspaceRow): Promise<void> {
    const watched = this.#watchedOf(row);
    this.#noteCpu(row, watched);
    const idle = this.idlenessOf(row);
    if (idle === undefined || this.#stopped || row.desired !== "ready") return;
    if (idle.state === "over") return this.#suspend(row, idle);
    if (idle.state === "warned" && !watched.warned) this.#tell(row, idleSentence(idle));
    if (idle.state === "used" && watched.warned) this.#tell(row, "in use again");
    watched.warned = idle.state === "warned";
  }

  #watchedOf(row: WorkspaceRow): Watched {
    const known = this.#watched.get(row.id);
    if (known?.generation === row.generation) return known;
    const watched: Watched = { generation: row.generation, since: this.#options.clock.monotonic(), cpu: undefined, warned: false };
    this.#watched.set(row.id, watched);
    return watched;
  }

  /** What it computed since the last look; nothing where nobody can measure it. */
  #noteCpu(row: WorkspaceRow, watched: Watched): void {
    const { cpuOf, activity } = this.#options;
    const measured = cpuOf(row);
    const { cpu } = watched;
    if (measured === undefined || measured.at === cpu?.at) return;
    if (cpu !== undefined && (measured.used - cpu.used) / (measured.at - cpu.at) > BUSY_SHARE) activity.note(row.id, "cpu");
    watched.cpu = measured;
  }

  #tell(row: WorkspaceRow, message: string): void {
    this.#options.live.publish({ kind: "idle", workspace: row.id, state: "ready", message });
  }

  async #suspend(row: WorkspaceRow, idle: Idleness): Promise<void> {
    const { repository, clock, wake } = this.#options;
    const facts = { idle_for: Math.round(idle.idleFor), why: idle.why };
    const entry = { at: clock.now(), actor: "guise", action: "suspend_workspace", target: row.id, outcome: "done", facts } as const;
    await repository.setDesired(row.id, { desired: "suspended", reason: "idle", by: "guise" }, entry);
    wake(row.id);
  }
}
