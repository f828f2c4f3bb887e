import { type Clock, type Log, repeat } from "#foundation";
import type { Repository, WorkspaceRow } from "#repository";
import { type Activity, type Idleness, idlenessOf, idleSentence } from "#usage";
import type { LiveEvents } from "./live-events.ts";
import { concreteOf } from "./translate.ts";

/** How often every workspace that may become idle is looked at, ms. */
const PERIOD = 15_000;
/** Programs that use less than this share of a core only wait. */
const BUSY_SHARE = 0.05;
/** How often applications that can say whether they work are asked, ms; and once more before the end. */
const ASK_EACH = 60_000;

export interface IdleWatchOptions {
  readonly repository: Repository;
  /** Cpu time of its sandbox in ms, and when that was, by the monotonic clock. */
  readonly cpuOf: (row: WorkspaceRow) => { readonly at: number; readonly used: number } | undefined;
  /** Whether one of its applications says that it works; it may take seconds. */
  readonly isBusy: (row: WorkspaceRow) => Promise<boolean>;
  readonly activity: Activity;
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly log: Log;
  /** It is about to be suspended; with the sentence that says when. */
  readonly warned?: (row: WorkspaceRow, message: string) => void;
  /** A workspace is to be suspended. */
  readonly wake: (workspace: string) => void;
  readonly period?: number;
}

interface Watched {
  readonly generation: number;
  /** By the monotonic clock. */
  readonly since: number;
  cpu: { readonly at: number; readonly used: number } | undefined;
  /** By the monotonic clock: when applications were asked last. */
  asked: number;
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
    this.#endTurns = repeat({ clock, log, pause: period, failed: "idle workspaces could not be looked for" }, () => this.look());
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
    return idlenessOf(this.#options.activity.of(row.id), watched.since, this.#options.clock.monotonic(), { after });
  }

  /** One look at everybody. */
  async look(): Promise<void> {
    const ready = await this.#options.repository.workspaces({ states: ["ready"] });
    this.#forgetOthers(ready);
    const mayEnd = ready.filter((row) => concreteOf(row).idleAfter !== undefined);
    // An application that does not answer holds up nobody else's turn.
    await Promise.all(mayEnd.map((row) => this.#look(row)));
  }

  #forgetOthers(rows: readonly WorkspaceRow[]): void {
    const present = new Set(rows.map(({ id }) => id));
    for (const id of this.#watched.keys()) if (!present.has(id)) this.#watched.delete(id);
    this.#options.activity.keepOnly(present);
  }

  async #look(row: WorkspaceRow): Promise<void> {
    const watched = this.#watchedOf(row);
    this.#noteCpu(row, watched);
    await this.#noteBusy(row, watched);
    const idle = this.idlenessOf(row);
    if (idle === undefined || this.#stopped || row.desired !== "ready") return;
    if (idle.state === "over") return this.#suspend(row.id);
    if (idle.state === "warned" && !watched.warned) this.#warn(row, idleSentence(idle));
    if (idle.state === "used" && watched.warned) this.#tell(row, "in use again");
    watched.warned = idle.state === "warned";
  }

  #watchedOf(row: WorkspaceRow): Watched {
    const known = this.#watched.get(row.id);
    if (known?.generation === row.generation) return known;
    const now = this.#options.clock.monotonic();
    const watched: Watched = { generation: row.generation, since: now, cpu: undefined, asked: now, warned: false };
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

  /** Only who is not used by anything else is asked. */
  async #noteBusy(row: WorkspaceRow, watched: Watched): Promise<void> {
    const { clock, isBusy, activity } = this.#options;
    const idle = this.idlenessOf(row);
    const now = clock.monotonic();
    const isTime = idle?.state === "over" || (now - watched.asked >= ASK_EACH && (idle?.idleFor ?? 0) >= ASK_EACH);
    if (idle === undefined || !isTime) return;
    watched.asked = now;
    if (await isBusy(row)) activity.note(row.id, "busy");
  }

  #warn(row: WorkspaceRow, message: string): void {
    this.#tell(row, message, "idle");
    this.#options.warned?.(row, message);
  }

  #tell(row: WorkspaceRow, message: string, reason?: "idle"): void {
    const why = reason === undefined ? {} : { reason };
    this.#options.live.publish({ kind: "idle", workspace: row.id, state: "ready", message, ...why });
  }

  /** Read anew: while its applications were asked, its person may have given it back. */
  async #suspend(id: string): Promise<void> {
    const { repository, clock, wake } = this.#options;
    const row = await repository.workspace(id);
    const idle = row === undefined ? undefined : this.idlenessOf(row);
    if (row === undefined || idle?.state !== "over" || row.desired !== "ready" || this.#stopped) return;
    const facts = { idle_for: Math.round(idle.idleFor), why: idle.why };
    const entry = { at: clock.now(), actor: "guise", action: "suspend_workspace", target: id, outcome: "done", facts } as const;
    await repository.setDesired(id, { desired: "suspended", reason: "idle", by: "guise" }, entry);
    wake(id);
  }
}
