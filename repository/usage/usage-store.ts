import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { UsagePoint } from "@guise/contract";
import { type Log, messageOf } from "#foundation";
import { RepositoryError } from "../repository-error.ts";
import { ensurePrivateFile, ensurePrivateFolder } from "../sqlite/private-files.ts";
import type { DayUse, UsageDaySum, UsageSubject, UsageSum } from "./usage-days.ts";
import type { UsageAnswer, UsageTask } from "./usage-protocol.ts";

/** What is kept of one workspace over restarts, as data that its reader understands. */
export interface KeptRecord {
  readonly workspace: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly data: unknown;
}

/** A point of a workspace's series; `length` in ms tells series of one workspace apart. */
export interface StoredPoint {
  readonly workspace: string;
  readonly length: number;
  readonly point: UsagePoint;
}

/** Usage over time, apart from everything else: losing it loses no workspace, and writing it holds nobody up. */
export interface UsageStore {
  /** `days` come to what is noted of those days already. */
  save(points: readonly StoredPoint[], kept: readonly KeptRecord[], days?: readonly DayUse[]): Promise<void>;
  /** What was kept of the workspace; undefined where nothing was. */
  kept(workspace: string): Promise<unknown>;
  /** Oldest first, from `since` (ms since the epoch) on. */
  points(workspace: string, length: number, since: number): Promise<readonly UsagePoint[]>;
  /** Points of that length, and what is kept, from before that time are gone after this. */
  forget(length: number, before: number): Promise<void>;
  forgetKept(before: number): Promise<void>;
  /** What everybody used from the day `since` on (ms since the epoch), summed up by the subject. */
  sums(subject: UsageSubject, since: number): Promise<readonly UsageSum[]>;
  /** The same day by day. */
  daySums(subject: UsageSubject, since: number): Promise<readonly UsageDaySum[]>;
  forgetDays(before: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the file in the folder, in a thread of its own. A damaged one is put aside, and a new one begun. */
export async function openUsageStore(options: { readonly folder: string; readonly log: Log }): Promise<UsageStore> {
  const path = join(options.folder, "usage.db");
  ensurePrivateFolder(options.folder);
  ensurePrivateFile(path);
  const worker = new Worker(new URL("./usage-worker.ts", import.meta.url), { workerData: { path }, execArgv: [] });
  const thread = new UsageThread(worker, path);
  const [opened] = (await once(worker, "message")) as [{ readonly aside?: string }];
  if (opened.aside !== undefined)
    options.log.warn({ aside: opened.aside }, "the file of usage was damaged; it was put aside and a new one begun");
  return {
    save: async (points, kept, days = []) =>
      void (await thread.run({ kind: "save", points, kept: kept.map((one) => ({ ...one, data: JSON.stringify(one.data) })), days })),
    async kept(workspace) {
      const found = await thread.run({ kind: "kept", workspace });
      return typeof found === "string" ? (JSON.parse(found) as unknown) : undefined;
    },
    points: async (workspace, length, since) => (await thread.run({ kind: "points", workspace, length, since })) as readonly UsagePoint[],
    forget: async (length, before) => void (await thread.run({ kind: "forget", length, before })),
    forgetKept: async (before) => void (await thread.run({ kind: "forget_kept", before })),
    sums: async (subject, since) => (await thread.run({ kind: "sums", subject, since })) as readonly UsageSum[],
    daySums: async (subject, since) => (await thread.run({ kind: "day_sums", subject, since })) as readonly UsageDaySum[],
    forgetDays: async (before) => void (await thread.run({ kind: "forget_days", before })),
    close: () => thread.close(),
  };
}

/** The calling side of the worker; answers come in the order of the questions. */
class UsageThread {
  readonly #worker: Worker;
  readonly #path: string;
  readonly #waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  #broken: Error | undefined;

  constructor(worker: Worker, path: string) {
    this.#worker = worker;
    this.#path = path;
    worker.on("message", (answer: UsageAnswer | { readonly opened: true }) => {
      if ("opened" in answer) return;
      const first = this.#waiting.shift();
      if ("error" in answer) first?.reject(new RepositoryError("database_failed", `${this.#path}: ${answer.error}`));
      else first?.resolve(answer.value);
    });
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(new Error("its thread ended")));
  }

  run(task: UsageTask): Promise<unknown> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(task);
    });
  }

  async close(): Promise<void> {
    if (this.#broken !== undefined) return;
    await this.run({ kind: "close" });
    await this.#worker.terminate();
  }

  #end(error: unknown): void {
    this.#broken ??= new RepositoryError("database_failed", `${this.#path}: ${messageOf(error)}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
  }
}
