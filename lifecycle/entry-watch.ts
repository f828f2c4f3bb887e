import { type Clock, codeOf, type Log, messageOf, repeat } from "#foundation";
import type { Channel, Driver } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import type { ChannelUse } from "./launcher.ts";
import type { LiveEvents } from "./live-events.ts";
import { Looks } from "./looks.ts";
import { handleOf } from "./steps/handle.ts";

/** Ms between two rounds, and for each of two answers: whatever shuts everybody out is told within ten seconds. */
const PERIOD = 4_000;
const HELD_ANSWERS_WITHIN = 2_000;
const FRESH_ANSWERS_WITHIN = 4_000;
/** Of one that stays shut, ms between two looks at most. */
const LONGEST_PAUSE = 32_000;

export interface EntryWatchOptions {
  readonly repository: Pick<Repository, "workspaces" | "workspace">;
  readonly driver: Pick<Driver, "connect" | "name">;
  /** The channel that people share; opened where there is none. */
  readonly channelOf: (workspace: WorkspaceRow) => Promise<ChannelUse>;
  /** Those who come from now on share this one; who uses the former goes on with it. */
  readonly renewChannel: (workspace: WorkspaceRow, channel: Channel) => void;
  readonly live: Pick<LiveEvents, "publish">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Nobody can enter a workspace that runs. */
export interface Shut {
  /** Wall-clock ms. */
  readonly since: number;
  readonly why: string;
}

interface Failing extends Shut {
  readonly generation: number;
  /** Monotonic ms. */
  readonly lookAgainAt: number;
  readonly pause: number;
}

/**
 * Looks whether each ready workspace can be entered: whether a program starts in it. Where the channel that is held does not answer, a new
 * one is opened in its place; where that does not answer either, it is told. Nothing is ended for it: what runs inside may be at work,
 * and a new start on the same home is the person's to choose.
 */
export class EntryWatch {
  readonly #options: EntryWatchOptions;
  readonly #failing = new Map<string, Failing>();
  readonly #looks: Looks;
  #endTurns = async () => {};

  constructor(options: EntryWatchOptions) {
    this.#options = options;
    this.#looks = new Looks(options.clock);
  }

  begin(): void {
    const { clock, log } = this.#options;
    this.#endTurns = repeat({ clock, log, pause: PERIOD, failed: "workspaces could not be looked into" }, () => this.#turn());
  }

  stop(): Promise<void> {
    return this.#endTurns();
  }

  /** As of the last look; undefined: it can be entered, or was not looked at. */
  shutOf(workspace: string): Shut | undefined {
    return this.#failing.get(workspace);
  }

  async #turn(): Promise<void> {
    const rows = await this.#options.repository.workspaces({ states: ["ready"] });
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { generation }] of this.#failing) if (known.get(id)?.generation !== generation) this.#failing.delete(id);
    const now = this.#options.clock.monotonic();
    const due = rows.filter(({ id }) => (this.#failing.get(id)?.lookAgainAt ?? 0) <= now);
    await this.#looks.round(due, (row) => this.#lookAt(row));
  }

  async #lookAt(row: WorkspaceRow): Promise<void> {
    try {
      const why = (await this.#heldAnswers(row)) ? undefined : await this.#whyShut(row);
      const fresh = await this.#options.repository.workspace(row.id);
      if (fresh?.state !== "ready" || fresh.generation !== row.generation) return;
      if (why === undefined) this.#opened(row);
      else this.#foundShut(row, why);
    } catch (error) {
      this.#options.log.warn({ err: error, workspace: row.id }, "a workspace could not be looked into");
    }
  }

  async #heldAnswers(row: WorkspaceRow): Promise<boolean> {
    const use = this.#options.channelOf(row);
    try {
      await this.#within(
        HELD_ANSWERS_WITHIN,
        use.then(({ channel }) => answer(channel)),
      );
      return true;
    } catch (error) {
      // As many use it as may: it is entered.
      return codeOf(error) === "refused_by_policy";
    } finally {
      use.then(
        ({ release }) => release(),
        () => {},
      );
    }
  }

  /** Undefined: a new channel answers, or its sandbox is gone or its engine away, which is seen to elsewhere. */
  async #whyShut(row: WorkspaceRow): Promise<string | undefined> {
    const { driver, renewChannel } = this.#options;
    let isLate = false;
    const opening = driver.connect(handleOf({ driver }, row)).then(async (channel) => {
      try {
        await answer(channel);
        if (isLate) channel.close();
        else renewChannel(row, channel);
      } catch (error) {
        channel.close();
        throw error;
      }
    });
    try {
      await this.#within(FRESH_ANSWERS_WITHIN, opening);
      return undefined;
    } catch (error) {
      isLate = true;
      if (codeOf(error) === "sandbox_gone" || codeOf(error) === "engine_unreachable") return undefined;
      return messageOf(error);
    }
  }

  #opened({ id }: WorkspaceRow): void {
    if (this.#failing.delete(id))
      this.#options.live.publish({ kind: "entry", workspace: id, state: "ready", message: "it can be entered again" });
  }

  #foundShut({ id, generation }: WorkspaceRow, reason: string): void {
    const { clock, live, log } = this.#options;
    const before = this.#failing.get(id);
    const pause = before === undefined ? PERIOD : Math.min(LONGEST_PAUSE, 2 * before.pause);
    const why = `nobody can enter it: ${reason}; its programs go on, and paused and resumed it starts anew on the same home`;
    const since = before?.since ?? clock.now();
    this.#failing.set(id, { since, why, generation, pause, lookAgainAt: clock.monotonic() + pause });
    if (before !== undefined) return;
    log.warn({ workspace: id, generation, reason }, "a workspace cannot be entered");
    live.publish({ kind: "entry", workspace: id, state: "ready", message: why });
  }

  #within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const late = () => reject(new Error(`it answers nothing within ${milliseconds / 1000} s`));
    const timer = this.#options.clock.after(milliseconds, late, { unref: true });
    work.then(resolve, reject);
    return promise.finally(() => timer.cancel());
  }
}

/** A process is made and ends: what everybody who enters needs. */
async function answer(channel: Channel): Promise<void> {
  const { exit } = await channel.run(":");
  if (exit !== 0) throw new Error(`its login shell ends with ${exit}`);
}
