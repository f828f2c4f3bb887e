import type { WorkspaceEvent } from "@guise/contract";
import type { Compilable, Kysely, RawBuilder } from "kysely";
import type { Clock } from "#foundation";
import type { RepositoryError } from "./repository-error.ts";
import type { Tables } from "./tables.ts";

/**
 * What every storage operation takes first. `sql` only compiles; statements run where the database is, a write as one message, so
 * that nothing waits inside a transaction and many writes share one commit.
 */
export interface Store {
  readonly sql: Kysely<Tables>;
  readonly clock: Clock;
  /** Wall-clock ms by the database's own clock. */
  readonly databaseNow: RawBuilder<number>;
  /** How many revisions of a workspace keep their events. */
  readonly revisionsKept: number;
  /** Who asked for the loop's lease through this store; every move then shows that he holds it. */
  readonly loop: { holder: string | undefined };
  /** The rows of each query, all of one moment. */
  read<Queries extends readonly Compilable<unknown>[]>(...queries: Queries): Promise<RowsOf<Queries>>;
  /** All steps in one durable step, or none of them; resolves after the commit. */
  write(steps: readonly Step[]): Promise<Outcome>;
}

export type RowsOf<Queries> = { [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? readonly Row[] : never };

/** One statement of a write, and what its rows mean. Made by the four functions below. */
export interface Step<Row = unknown> {
  readonly query: Compilable<Row>;
  readonly rule: "any" | "some" | "none" | "end";
  /** Why the rule is broken; may look at rows of this and of earlier steps. */
  readonly failure?: (outcome: Outcome) => RepositoryError;
  /** Rows of this step are durable events, which listeners get after the commit. */
  readonly announces?: true;
}

export interface Outcome {
  /** What the step gave; empty when the write ended before it. */
  rows<Row>(step: Step<Row>): readonly Row[];
  /** True when the step with rule `end` found something and the write stopped there. */
  endedBy(step: Step): boolean;
}

/** The statement, whatever it gives. */
export function run<Row>(query: Compilable<Row>): Step<Row> {
  return { query, rule: "any" };
}

/** The statement must give at least one row. */
export function must<Row>(query: Compilable<Row>, failure: (outcome: Outcome) => RepositoryError): Step<Row> {
  return { query, rule: "some", failure };
}

/** The statement must give no row. */
export function mustNot<Row>(query: Compilable<Row>, failure: (outcome: Outcome) => RepositoryError): Step<Row> {
  return { query, rule: "none", failure };
}

/** When the statement gives rows, the write ends there, and what was done so far holds. */
export function endIf<Row>(query: Compilable<Row>): Step<Row> {
  return { query, rule: "end" };
}

export type EventsListener = (events: readonly WorkspaceEvent[]) => void;
