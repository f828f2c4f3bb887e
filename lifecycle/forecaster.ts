import { setImmediate as nextTurn } from "node:timers/promises";
import type { Estimate } from "@guise/contract";
import type { Clock, Log, Timer } from "#foundation";
import type { Repository, Stay, WorkspaceRow } from "#repository";
import { playOut, type Snapshot } from "#resource-manager";
import type { AccountView } from "./admission/account-view.ts";
import type { LiveEvents } from "./live-events.ts";
import { PastDurations, spreadOf } from "./past-durations.ts";

export interface ForecasterOptions {
  readonly repository: Pick<Repository, "stays" | "runs">;
  readonly live: Pick<LiveEvents, "publish" | "isHeard">;
  readonly clock: Clock;
  readonly log: Log;
  readonly account: Pick<AccountView, "snapshot" | "queue" | "waiting" | "length">;
  /** Numbers of [0, 1); tests give their own. */
  readonly random?: () => number;
}

/** Futures that are played out for one forecast, at most. */
const FUTURES = 40;
/** Of a queue the first so many get an estimate: who is behind them waits longer than anybody can say. */
const DEPTH = 500;
/** Ms at a stretch, for nobody waits for this; and ms in all for one forecast, after which as many times that is rest: a tenth of the thread. */
const SLICE = 4;
const WORK = 400;
const REST = 10;
/** The states in which room is held. */
const HOLDING = ["provisioning", "ready", "suspending", "failing", "releasing"] as const;
/** Runs that a persona's estimates rest on, the newest; and those of all personas, where it has fewer than `ENOUGH`. */
const RUNS = 200;
const ENOUGH = 3;
/** While somebody waits, a forecast is made anew this often, ms; and after something changed no sooner than `PAUSE` after the last. */
const PERIOD = 15_000;
const PAUSE = 1_000;

interface Past {
  readonly held: PastDurations;
  readonly start: PastDurations;
}

interface Forecast {
  /** Monotonic ms at which it was made, and how much of the thread's time that took. */
  readonly at: number;
  readonly work: number;
  readonly ready: ReadonlyMap<string, Estimate["ready_in"]>;
  readonly from: ReadonlyMap<string, number>;
}

/**
 * When those that wait are expected to be ready: several possible futures are played out by the Resource Manager's own decisions, with
 * lives as long as earlier ones. Made while somebody waits, beside the loop; read at once. Nothing is decided by it.
 */
export class Forecaster {
  readonly #options: ForecasterOptions;
  readonly #random: () => number;
  #forecast: Forecast | undefined;
  #pasts = new Map<string, Past>();
  #making: Promise<void> | undefined;
  #timer: Timer | undefined;
  /** Something changed since the making of the present one began. */
  #again = false;
  #stopped = false;

  constructor(options: ForecasterOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** The queue, or what is held, changed. */
  wake(): void {
    this.#again = this.#making !== undefined;
    if (this.#stopped || this.#again) return;
    const { at, work } = this.#forecast ?? { at: Number.NEGATIVE_INFINITY, work: 0 };
    this.#schedule(Math.max(0, at + Math.max(PAUSE, work * REST) - this.#options.clock.monotonic()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#making;
  }

  /** Of one that waits: by the last forecast. Of one that starts: by how long earlier ones took. Undefined while nothing is known. */
  estimateOf(row: Pick<WorkspaceRow, "id" | "state" | "persona" | "admittedAt">): Estimate | undefined {
    if (row.state === "queued") return this.#waiting(row.id);
    if (row.state !== "provisioning" || row.admittedAt === undefined) return undefined;
    const start = this.#pasts.get(row.persona)?.start;
    if (start === undefined || start.count < ENOUGH) return undefined;
    const age = Math.max(0, this.#options.clock.now() - row.admittedAt);
    const drawn = Array.from({ length: FUTURES }, (_, at) => start.drawRest(age, () => (at + 0.5) / FUTURES));
    return { ready_in: rest(spreadOf(drawn), 0), from: start.count };
  }

  #waiting(id: string): Estimate | undefined {
    const ready = this.#forecast?.ready.get(id);
    if (this.#forecast === undefined || ready === undefined) return undefined;
    const gone = this.#options.clock.monotonic() - this.#forecast.at;
    return { ready_in: rest(ready, gone), from: this.#forecast.from.get(id) ?? 0 };
  }

  #schedule(delay: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(
      delay,
      () => {
        this.#making ??= this.#make()
          .catch((error: unknown) => this.#options.log.warn({ err: error }, "no forecast could be made"))
          .finally(() => {
            this.#making = undefined;
            if (this.#stopped) return;
            if (this.#again) this.wake();
            else if (this.#options.account.length > 0) this.#schedule(PERIOD);
          });
      },
      { unref: true },
    );
  }

  async #make(): Promise<void> {
    const { repository, account } = this.#options;
    const waiting = account.queue(DEPTH).map(({ id }) => id);
    const rows = [...(await repository.stays({ states: HOLDING })), ...(await repository.stays({ ids: waiting }))];
    this.#pasts = await this.#readPasts(new Set(rows.map(({ persona }) => persona)));
    const snapshot = account.snapshot();
    if (snapshot === undefined || waiting.length === 0) return this.#nobodyWaits();
    await this.#foretell(snapshot, new Map(rows.map((row) => [row.id, row])));
    this.#tell();
  }

  async #foretell(snapshot: Snapshot, byId: ReadonlyMap<string, Stay>): Promise<void> {
    const { clock } = this.#options;
    const at = clock.monotonic();
    const drawn = new Map<string, number[]>();
    let work = 0;
    let played = 0;
    while (played < FUTURES && work < WORK && !this.#stopped) {
      const { admitted, took } = await this.#playOut(snapshot, byId);
      for (const [id, wait] of admitted) {
        const start = this.#pasts.get(byId.get(id)?.persona ?? "")?.start;
        if (byId.has(id)) drawn.set(id, [...(drawn.get(id) ?? []), wait + (start?.draw(this.#random) ?? 0)]);
      }
      work += took;
      played++;
    }
    const ready = new Map<string, Estimate["ready_in"]>();
    const from = new Map<string, number>();
    for (const [id, samples] of drawn) {
      // In most futures it is not admitted: to name the rest would promise too much.
      if (samples.length < played / 2) continue;
      ready.set(id, spreadOf(samples));
      from.set(id, this.#pasts.get(byId.get(id)?.persona ?? "")?.held.count ?? 0);
    }
    this.#forecast = { at, work, ready, from };
  }

  /** One future, slice by slice; with the time that it took of the thread. */
  async #playOut(snapshot: Snapshot, rows: ReadonlyMap<string, Stay>) {
    const { clock } = this.#options;
    const future = playOut(snapshot, this.#lives(rows, clock.now()));
    let took = 0;
    for (;;) {
      await nextTurn();
      const began = clock.monotonic();
      let step = future.next();
      while (step.done !== true && clock.monotonic() - began < SLICE) step = future.next();
      took += clock.monotonic() - began;
      if (step.done === true) return { admitted: step.value, took };
      if (this.#stopped) return { admitted: new Map<string, number>(), took };
    }
  }

  #nobodyWaits(): void {
    this.#forecast = { at: this.#options.clock.monotonic(), work: 0, ready: new Map(), from: new Map() };
  }

  /** One possible future. Of a persona that nothing is known of, nothing is given back. */
  #lives(rows: ReadonlyMap<string, Stay>, now: number) {
    const heldBefore = (row: Stay) => {
      const held = this.#pasts.get(row.persona)?.held;
      return held === undefined || held.count < ENOUGH ? undefined : held;
    };
    return {
      remaining: (id: string) => {
        const row = rows.get(id);
        if (row?.admittedAt === undefined) return Number.POSITIVE_INFINITY;
        // On its way out: what is left of that is short beside all else.
        if (row.desired !== "ready") return 0;
        const latest = row.expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, row.expiresAt - now);
        return Math.min(latest, heldBefore(row)?.drawRest(Math.max(0, now - row.admittedAt), this.#random) ?? Number.POSITIVE_INFINITY);
      },
      held: (id: string) => {
        const row = rows.get(id);
        return (row === undefined ? undefined : heldBefore(row)?.draw(this.#random)) ?? Number.POSITIVE_INFINITY;
      },
    };
  }

  async #readPasts(personas: ReadonlySet<string>): Promise<Map<string, Past>> {
    const { repository } = this.#options;
    const all = await repository.runs({ limit: RUNS });
    const pasts = new Map<string, Past>();
    for (const persona of personas) {
      const own = await repository.runs({ persona, limit: RUNS });
      pasts.set(persona, pastOf(own.length < ENOUGH ? all : own));
    }
    return pasts;
  }

  #tell(): void {
    const { live, account } = this.#options;
    for (const id of this.#forecast?.ready.keys() ?? []) {
      const estimate = this.#waiting(id);
      const waiting = live.isHeard(id) ? account.waiting(id) : undefined;
      if (estimate === undefined || waiting === undefined) continue;
      const { reason, message, place } = waiting;
      live.publish({ kind: "queue", workspace: id, state: "queued", reason, message, place, estimate });
    }
  }
}

function pastOf(runs: Awaited<ReturnType<Repository["runs"]>>): Past {
  return {
    held: new PastDurations(runs.map(({ held }) => held)),
    start: new PastDurations(runs.flatMap(({ readyAfter }) => readyAfter ?? [])),
  };
}

/** What is left after `gone` ms, to a tenth of a second. */
function rest({ low, likely, high }: Estimate["ready_in"], gone: number): Estimate["ready_in"] {
  const left = (milliseconds: number) => Math.max(0, Math.round((milliseconds - gone) / 100) * 100);
  return { low: left(low), likely: left(likely), high: left(high) };
}
