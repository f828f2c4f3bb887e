import { Worker } from "node:worker_threads";
import { RepositoryError } from "../repository-error.ts";
import { endsTrust, errorOfFault } from "./error-of-fault.ts";
import type { Answer, BatchAnswer, Opening, OpenOrder, Request, Task, TaskAnswer } from "./protocol.ts";

/** More in one transaction would make the first of them wait longer than it gains. */
const LARGEST_BATCH = 256;

/** An answer that is not a fault. */
export type HeldAnswer = Exclude<TaskAnswer, { outcome: "fault" }>;

interface Waiting {
  readonly task: Task;
  readonly resolve: (answer: HeldAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The calling side of the database's thread. One request is under way at a time; what comes meanwhile waits and goes as the next batch,
 * so batches grow with the load and a lone write does not wait for company.
 */
export class DatabaseThread {
  readonly #worker: Worker;
  readonly #folder: string;
  readonly #onCommit: (writes: number) => void;
  #waiting: Waiting[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #flushing = false;
  #answer: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  /** Why nothing more is taken. */
  #broken: RepositoryError | undefined;
  #ended = false;
  #closing: Promise<void> | undefined;

  private constructor(worker: Worker, folder: string, onCommit: (writes: number) => void) {
    this.#worker = worker;
    this.#folder = folder;
    this.#onCommit = onCommit;
    worker.on("message", (answer: Answer) => this.#answer?.resolve(answer));
    worker.on("error", (error) => this.#end(failed(folder, error)));
    worker.on("exit", () => this.#end(failed(folder, undefined)));
  }

  /** Takes over a worker of `databaseWorker` once it has opened; rejects with why it did not. */
  static async start(
    worker: Worker,
    options: { folder: string; onCommit: (writes: number) => void },
  ): Promise<{ thread: DatabaseThread; warnings: readonly string[] }> {
    const opening = await firstMessage(worker, options.folder);
    if (opening.kind === "open") {
      return { thread: new DatabaseThread(worker, options.folder, options.onCommit), warnings: opening.warnings };
    }
    await worker.terminate();
    if (opening.kind === "fault") throw errorOfFault(opening.fault, options.folder);
    throw new RepositoryError(opening.objection.code, opening.objection.message);
  }

  /** Rejects with RepositoryError for a fault of SQLite, the disk or the thread. */
  run(task: Task): Promise<HeldAnswer> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#flushSoon();
    });
  }

  async backup(path: string): Promise<void> {
    await this.#inTurn({ kind: "backup", path });
  }

  /** What was asked before is done first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = this.#inTurn({ kind: "close" });
    this.#broken ??= new RepositoryError("database_failed", `the database in ${this.#folder} is closed`);
    try {
      await closed;
    } catch (error) {
      if (!this.#ended) throw error;
    } finally {
      await this.#worker.terminate();
    }
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#turn = this.#turn.then(() => this.#flush());
  }

  async #flush(): Promise<void> {
    this.#flushing = false;
    const batch = this.#waiting.slice(0, LARGEST_BATCH);
    this.#waiting = this.#waiting.slice(LARGEST_BATCH);
    if (this.#waiting.length > 0) this.#flushSoon();
    if (batch.length === 0) return;
    try {
      const answer = await this.#ask({ kind: "batch", tasks: batch.map(({ task }) => task) });
      if (answer.kind === "batch") this.#settle(batch, answer.batch);
      else throw failed(this.#folder, answer);
    } catch (error) {
      for (const { reject } of batch) reject(error instanceof Error ? error : failed(this.#folder, error));
    }
  }

  #settle(batch: readonly Waiting[], { answers, committed }: BatchAnswer): void {
    if (committed > 0) this.#onCommit(committed);
    for (const [index, waiting] of batch.entries()) this.#settleOne(waiting, answers[index]);
  }

  #settleOne({ resolve, reject }: Waiting, answer: TaskAnswer | undefined): void {
    if (answer === undefined) reject(failed(this.#folder, undefined));
    else if (answer.outcome !== "fault") resolve(answer);
    else {
      const error = errorOfFault(answer.fault, this.#folder);
      if (endsTrust(answer.fault)) this.#break(error);
      reject(error);
    }
  }

  /** Waits until what was asked before is answered. */
  #inTurn(request: Request): Promise<void> {
    if (this.#broken !== undefined && request.kind !== "close") return Promise.reject(this.#broken);
    const turn = this.#turn.then(async () => {
      while (this.#waiting.length > 0) await this.#flush();
      const answer = await this.#ask(request);
      if (answer.kind === "fault") throw errorOfFault(answer.fault, this.#folder);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #ask(request: Request): Promise<Answer> {
    if (this.#ended) return Promise.reject(this.#broken);
    return new Promise<Answer>((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#worker.postMessage(request);
    });
  }

  #end(error: RepositoryError): void {
    this.#ended = true;
    this.#break(error);
    this.#answer?.reject(error);
  }

  #break(error: RepositoryError): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
  }
}

export function databaseWorker(order: OpenOrder): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { workerData: order, execArgv: [] });
}

function firstMessage(worker: Worker, folder: string): Promise<Opening> {
  return new Promise((resolve, reject) => {
    worker.once("message", (opening: Opening) => {
      worker.removeAllListeners("error");
      worker.removeAllListeners("exit");
      resolve(opening);
    });
    worker.once("error", (error) => reject(failed(folder, error)));
    worker.once("exit", () => reject(failed(folder, undefined)));
  });
}

function failed(folder: string, cause: unknown): RepositoryError {
  return new RepositoryError("database_failed", `the thread of the database in ${folder} ended; start Guise again`, { cause });
}
