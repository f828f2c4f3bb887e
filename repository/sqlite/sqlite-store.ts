import type { WorkspaceEvent } from "@guise/contract";
import { sql } from "kysely";
import type { Clock } from "#foundation";
import { eventOf } from "../event-row.ts";
import { RepositoryError } from "../repository-error.ts";
import type { Outcome, RowsOf, Step, Store } from "../store.ts";
import type { EventsTable } from "../tables.ts";
import { statementCompiler, statementOf } from "./compiler.ts";
import type { DatabaseThread } from "./database-thread.ts";
import type { SqlRow } from "./protocol.ts";

interface StoreParts {
  readonly thread: Pick<DatabaseThread, "run">;
  readonly clock: Clock;
  readonly revisionsKept: number;
  readonly announce: (events: readonly WorkspaceEvent[]) => void;
}

export function sqliteStore({ thread, clock, revisionsKept, announce }: StoreParts): Store {
  return {
    sql: statementCompiler(),
    clock,
    databaseNow: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    revisionsKept,
    loop: { holder: undefined },
    async read<Queries extends readonly { compile(): { sql: string; parameters: readonly unknown[] } }[]>(...queries: Queries) {
      const answer = await thread.run({ kind: "read", statements: queries.map(statementOf) });
      return answer.rows as unknown as RowsOf<Queries>;
    },
    async write(steps) {
      const statements = steps.map(({ query, rule }) => ({ ...statementOf(query), rule }));
      const answer = await thread.run({ kind: "write", statements });
      const outcome = outcomeOf(steps, answer.rows);
      if (answer.outcome === "broken") throw failureOf(steps, answer.rows.length - 1, outcome);
      const events = eventsIn(steps, answer.rows);
      if (events.length > 0) announce(events);
      return outcome;
    },
  };
}

function outcomeOf(steps: readonly Step[], rows: readonly (readonly SqlRow[])[]): Outcome {
  const given = new Map<unknown, readonly SqlRow[]>(rows.map((some, index) => [steps[index], some]));
  const last = steps[rows.length - 1];
  return {
    rows: <Row>(step: Step<Row>) => (given.get(step) ?? []) as unknown as readonly Row[],
    endedBy: (step) => step === last && step.rule === "end" && (given.get(step)?.length ?? 0) > 0,
  };
}

function failureOf(steps: readonly Step[], index: number, outcome: Outcome): RepositoryError {
  const step = steps[index];
  return step?.failure?.(outcome) ?? new RepositoryError("database_failed", `step ${index} of a write did not hold`);
}

function eventsIn(steps: readonly Step[], rows: readonly (readonly SqlRow[])[]): readonly WorkspaceEvent[] {
  const stored = rows.flatMap((some, index) => (steps[index]?.announces === true ? (some as unknown as readonly EventsTable[]) : []));
  return stored.map(eventOf);
}
