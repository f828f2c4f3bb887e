import { type Clock, codeOf, Limited, type Log, repeat } from "#foundation";
import type { NoticeRow, NoticeWay, Repository, WorkspaceRow } from "#repository";
import type { Tell } from "./telling.ts";
import { nextTry, rowsOf, type Told, toldOfEnd, toldOfIdleness, toldOfState } from "./what-is-told.ts";

export interface NoticesOptions {
  readonly repository: Repository;
  readonly clock: Clock;
  readonly log: Log;
  readonly ways: Readonly<Partial<Record<NoticeWay, Tell>>>;
  /** From 0 to 1. */
  readonly share: () => number;
  /** Ms between two looks; 5 s. */
  readonly period?: number;
}

const PERIOD = 5_000;
/** What waits to be told, all ways together; what comes beyond is told by none. */
export const MOST_PENDING = 2_000;
/** At once and by one way. */
const AT_ONCE = 4;
/** What was told is remembered for so long, so that it is told once. */
const REMEMBERED = 7 * 24 * 3_600_000;
/** Since when there is anything to tell: what came about before this Guise could tell it is no news. */
const SINCE = "notices_since";

/**
 * Tells people outside the page. What is to be told is written down first, under an id that is the same whenever it is noticed, and is
 * tried until it was taken: whenever Guise ends, it is told at least once, and mostly just so.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #ways: readonly NoticeWay[];
  readonly #turns: Readonly<Record<NoticeWay, Limited>> = { webhook: new Limited(AT_ONCE), mail: new Limited(AT_ONCE) };
  /** Being told now. */
  readonly #running = new Map<string, Promise<void>>();
  /** Wanted nothing any more; until the next start of Guise. */
  readonly #gone = new Set<NoticeWay>();
  readonly #ended = new AbortController();
  #stopListening = () => {};
  #endTurns = async () => {};
  #noting: Promise<unknown> = Promise.resolve();

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#ways = Object.keys(options.ways) as NoticeWay[];
  }

  /** Listens from now on, and looks for what came about while nobody listened. */
  begin(): void {
    const { repository, clock, log, period = PERIOD } = this.#options;
    this.#stopListening = repository.onEvents((events) => {
      for (const { kind, workspace, state } of events)
        if (kind === "state" && (state === "ready" || state === "failed")) this.#noteLater(() => this.#noteState(workspace));
    });
    this.#noteLater(() => this.#noteMissed());
    this.#endTurns = repeat({ clock, log, pause: period, failed: "people could not be told outside the page" }, () => this.look());
  }

  /** What is being told now is called off, and told by the next start. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#ended.abort();
    await this.#endTurns();
    await this.#noting;
    await Promise.allSettled(this.#running.values());
  }

  /** It is idle, and paused soon. */
  idle(row: WorkspaceRow, message: string): void {
    this.#noteLater(() => this.#note([toldOfIdleness(row, message, this.#options.clock.now())]));
  }

  /** One look: at lifetimes that end soon, then at what is due. */
  async look(): Promise<void> {
    const { repository, clock } = this.#options;
    await this.#noting;
    const held = await repository.workspaces({ states: ["ready", "suspended"] });
    await this.#note(held.flatMap((row) => toldOfEnd(row, clock.now()) ?? []));
    const now = clock.now();
    for (const row of await repository.pendingNotices(MOST_PENDING)) if ((row.nextAt ?? 0) <= now) this.#tellSoon(row);
  }

  #noteLater(note: () => Promise<void>): void {
    this.#noting = this.#noting.then(note).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.#options.log.warn({ err: error }, "a notice could not be written down");
    });
  }

  async #noteState(workspace: string): Promise<void> {
    const { repository } = this.#options;
    const row = await repository.workspace(workspace);
    if (row === undefined) return;
    const { events } = await repository.events(workspace, 0);
    const told = toldOfState(row, events);
    await this.#note(told === undefined ? [] : [told]);
  }

  /** What a Guise that died had not written down yet. */
  async #noteMissed(): Promise<void> {
    const { repository, clock } = this.#options;
    const since = await repository.setting(SINCE);
    if (typeof since !== "number") return repository.setSetting(SINCE, clock.now());
    for (const row of await repository.workspaces({ states: ["ready", "failed"] })) {
      const { events } = await repository.events(row.id, 0);
      const told = toldOfState(row, events);
      if (told !== undefined && Date.parse(events.at(-1)?.at ?? "") >= since && told.notice.until > clock.now()) await this.#note([told]);
    }
  }

  async #note(all: readonly Told[]): Promise<void> {
    if (all.length === 0) return;
    const { repository, clock, log } = this.#options;
    const now = clock.now();
    const rows: NoticeRow[] = [];
    for (const told of all) rows.push(...rowsOf(told, this.#ways, (await repository.preferences(told.owner)).preferences, now));
    const room = MOST_PENDING - (await repository.pendingNotices(MOST_PENDING)).length;
    if (rows.length > room)
      log.warn({ left: rows.length - room }, "too much waits to be told outside the page; what came last is left out");
    await repository.addNotices(rows.slice(0, Math.max(0, room)), now - REMEMBERED);
  }

  #tellSoon(row: NoticeRow): void {
    const key = `${row.id} ${row.way}`;
    if (this.#running.has(key) || this.#ended.signal.aborted) return;
    const running = this.#turns[row.way]
      .run(() => this.#tell(row))
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error, notice: row.id }, "what became of a notice could not be written down"),
      )
      .finally(() => this.#running.delete(key));
    this.#running.set(key, running);
  }

  async #tell(row: NoticeRow): Promise<void> {
    const { repository, clock, log, ways, share } = this.#options;
    const tell = ways[row.way];
    if (this.#ended.signal.aborted) return;
    const attempts = row.attempts + 1;
    const isOver = tell === undefined || this.#gone.has(row.way) || row.notice.until <= clock.now();
    const settle = (nextAt: number | undefined) => repository.settleNotice(row, { attempts, nextAt });
    if (isOver) return settle(undefined);
    try {
      await tell(row, this.#ended.signal);
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const code = codeOf(error);
      if (code === "gone") this.#gone.add(row.way);
      const nextAt = code === "never" || code === "gone" ? undefined : nextTry(attempts, clock.now(), share());
      log.warn({ err: error, notice: row.id, way: row.way, attempts, given_up: nextAt === undefined }, "somebody could not be told");
      return settle(nextAt);
    }
    await settle(undefined);
  }
}
