import { type Clock, codeOf, delay, type Log } from "#foundation";
import type { ConcreteWeb } from "#persona";
import { askWeb } from "#provisioning";
import type { Repository, WorkspaceRow } from "#repository";
import type { ChannelUse } from "./launcher.ts";
import { applicationIn } from "./translate.ts";

/** Ms in which an application must say whether it works, and in which a workspace must let it be asked. */
const ANSWERS_WITHIN = 3_000;
const ASKED_WITHIN = 5_000;

export interface BusyApplicationsOptions {
  readonly repository: Pick<Repository, "launches" | "version">;
  readonly channelOf: (workspace: WorkspaceRow) => Promise<ChannelUse>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks running applications whether they work, where their catalog entry says how: a kernel that waits for an answer takes no cpu. */
export class BusyApplications {
  readonly #options: BusyApplicationsOptions;

  constructor(options: BusyApplicationsOptions) {
    this.#options = options;
  }

  /** Rejects never: who cannot be asked does not work. */
  async anyOf(row: WorkspaceRow): Promise<boolean> {
    const answered = new AbortController();
    const late = delay(this.#options.clock, ASKED_WITHIN, answered.signal).then(
      () => false,
      () => false,
    );
    return Promise.race([this.#ask(row), late]).finally(() => answered.abort());
  }

  async #ask(row: WorkspaceRow): Promise<boolean> {
    try {
      const answers = await Promise.all((await this.#askable(row)).map((web) => this.#isBusy(row, web)));
      return answers.includes(true);
    } catch (error) {
      const level = codeOf(error) === undefined ? "warn" : "debug";
      this.#options.log[level]({ err: error, workspace: row.id }, "applications could not be asked whether they work");
      return false;
    }
  }

  async #askable(row: WorkspaceRow): Promise<Askable[]> {
    const { repository } = this.#options;
    const running = (await repository.launches(row.id)).filter((one) => one.state === "running" && one.generation === row.generation);
    if (!running.some(({ kind }) => kind === "web")) return [];
    const version = await repository.version(row.persona, row.version);
    return [...new Set(running.map(({ application }) => application))].flatMap((name) => {
      const web = applicationIn(row, version, name)?.web;
      return web?.busy === undefined ? [] : [{ port: web.port, busy: web.busy }];
    });
  }

  async #isBusy(row: WorkspaceRow, { port, busy }: Askable): Promise<boolean> {
    const { channel, release } = await this.#options.channelOf(row);
    try {
      const answer = await askWeb(channel, { port, path: busy.path, within: ANSWERS_WITHIN });
      return answer !== undefined && saysBusy(answer, busy);
    } finally {
      release();
    }
  }
}

interface Askable {
  readonly port: number;
  readonly busy: NonNullable<ConcreteWeb["busy"]>;
}

/** Whether an item of the list works. What is no such list says nothing. Pure. */
export function saysBusy(answer: string, { key, value }: Pick<Askable["busy"], "key" | "value">): boolean {
  try {
    const items: unknown = JSON.parse(answer);
    return Array.isArray(items) && items.some((item) => item !== null && typeof item === "object" && Reflect.get(item, key) === value);
  } catch {
    return false;
  }
}
