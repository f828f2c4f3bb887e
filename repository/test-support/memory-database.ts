import { DatabaseSync } from "node:sqlite";
import type { WorkspaceEvent } from "@guise/contract";
import type { Clock } from "#foundation";
import { boundRepository } from "../bound-repository.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";
import { clearLeases } from "../operations/lease.ts";
import type { Repository } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { errorOfFault } from "../sqlite/error-of-fault.ts";
import { migrate } from "../sqlite/migrate.ts";
import type { Task, TaskAnswer } from "../sqlite/protocol.ts";
import { PreparedStatements, runBatch } from "../sqlite/run-batch.ts";
import { sqliteStore } from "../sqlite/sqlite-store.ts";
import type { EventsListener } from "../store.ts";

/**
 * The embedded store without thread and disk, for tests of what stands on it: the same statements and rules, opened in a few milliseconds
 * where a thread takes eighty. It outlives the repositories that are opened on it, as a disk outlives a process.
 */
export class MemoryDatabase {
  readonly #database = new DatabaseSync(":memory:");
  readonly #prepared: PreparedStatements;
  readonly #installation: string;
  #asked = 0;

  constructor(installation: string) {
    this.#installation = installation;
    this.#database.exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
    migrate(this.#database, MIGRATIONS, { installation, now: 0 });
    this.#prepared = new PreparedStatements(this.#database);
  }

  /** Something was asked that is not answered yet. */
  get isBusy(): boolean {
    return this.#asked > 0;
  }

  /** A repository as a process that starts now opens it; after its `close` it rejects everything. */
  async open(clock: Clock): Promise<Repository> {
    let closed = false;
    const listeners = new Set<EventsListener>();
    const announce = (events: readonly WorkspaceEvent[]) => {
      for (const listener of listeners) listener(events);
    };
    const run = async (task: Task) => {
      // As with a thread: the answer comes with a later turn of the event loop, never within the call.
      this.#asked++;
      await new Promise(setImmediate);
      this.#asked--;
      if (closed) throw new RepositoryError("database_failed", "the database is closed");
      return held(runBatch(this.#database, this.#prepared, [task]).answers[0]);
    };
    const store = sqliteStore({ thread: { run }, clock, revisionsKept: 1_000, announce });
    await clearLeases(store);
    return boundRepository(store, {
      installation: this.#installation,
      onEvents(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      backup: () => Promise.reject(new RepositoryError("database_failed", "what is in memory has no backup")),
      async close() {
        closed = true;
      },
    });
  }

  end(): void {
    this.#database.close();
  }
}

function held(answer: TaskAnswer | undefined) {
  if (answer === undefined) throw new RepositoryError("database_failed", "the database did not answer");
  if (answer.outcome === "fault") throw errorOfFault(answer.fault, ":memory:");
  return answer;
}
