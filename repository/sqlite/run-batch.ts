import type { DatabaseSync, StatementSync } from "node:sqlite";
import { faultOf, isOfTheStatement } from "./fault.ts";
import type { BatchAnswer, SqlRow, Statement, Task, TaskAnswer } from "./protocol.ts";

type Write = Extract<Task, { kind: "write" }>;

/**
 * Group commit: all writes of the batch in one transaction and one sync to disk, each in a savepoint of its own, so that one whose
 * rule is broken rolls back alone. Nothing is answered before the commit. Reads come after it and see it.
 */
export function runBatch(database: DatabaseSync, prepared: PreparedStatements, tasks: readonly Task[]): BatchAnswer {
  const writes = tasks.filter((task) => task.kind === "write");
  const written = commitTogether(database, prepared, writes);
  const answerOf = new Map<Task, TaskAnswer>(writes.map((task, index) => [task, written[index] ?? NOT_RUN]));
  const answers = tasks.map((task) => answerOf.get(task) ?? runRead(database, prepared, task.statements));
  return { answers, committed: written.filter(({ outcome }) => outcome === "done").length };
}

const NOT_RUN: TaskAnswer = { outcome: "fault", fault: { code: undefined, message: "the write was not run" } };

function commitTogether(database: DatabaseSync, prepared: PreparedStatements, writes: readonly Write[]): readonly TaskAnswer[] {
  if (writes.length === 0) return [];
  try {
    database.exec("BEGIN IMMEDIATE");
    const answers = writes.map((write) => runWrite(database, prepared, write));
    database.exec("COMMIT");
    return answers;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    const fault = faultOf(error);
    return writes.map(() => ({ outcome: "fault", fault }));
  }
}

function runWrite(database: DatabaseSync, prepared: PreparedStatements, write: Write): TaskAnswer {
  database.exec("SAVEPOINT one_write");
  const answer = tryWrite(database, prepared, write);
  if (answer.outcome !== "done") database.exec("ROLLBACK TO one_write");
  database.exec("RELEASE one_write");
  return answer;
}

function tryWrite(database: DatabaseSync, prepared: PreparedStatements, write: Write): TaskAnswer {
  const rows: (readonly SqlRow[])[] = [];
  try {
    for (const statement of write.statements) {
      const given = prepared.all(statement);
      rows.push(given);
      const some = given.length > 0;
      if (statement.rule === "end" && some) break;
      if ((statement.rule === "some" && !some) || (statement.rule === "none" && some)) return { outcome: "broken", rows };
    }
    return { outcome: "done", rows };
  } catch (error) {
    if (!database.isTransaction || !isOfTheStatement(error)) throw error;
    return { outcome: "fault", fault: faultOf(error) };
  }
}

function runRead(database: DatabaseSync, prepared: PreparedStatements, statements: readonly Statement[]): TaskAnswer {
  try {
    // Nothing is written between the statements: this thread alone writes.
    return { outcome: "done", rows: statements.map((statement) => prepared.all(statement)) };
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    return { outcome: "fault", fault: faultOf(error) };
  }
}

/** Compiled statements by their text. Lists of various lengths make various texts, so it is emptied when it has grown. */
export class PreparedStatements {
  readonly #database: DatabaseSync;
  readonly #byText = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  all({ sql, parameters }: Statement): SqlRow[] {
    let statement = this.#byText.get(sql);
    if (statement === undefined) {
      if (this.#byText.size >= 300) this.#byText.clear();
      statement = this.#database.prepare(sql);
      this.#byText.set(sql, statement);
    }
    return statement.all(...parameters) as SqlRow[];
  }
}
