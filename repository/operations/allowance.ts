import type { WorkspaceState } from "@guise/contract";
import { type Expression, sql } from "kysely";
import type { Allowance } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { mustNot, type Step, type Store } from "../store.ts";

/** Written out, not bound: only so does SQLite see for certain that the index of what is held serves. */
const RELEASED = sql.lit<WorkspaceState>("released");
/** Also what is resumed, or tried again, and that the loop has not put into the queue yet. */
const WAITS = sql<boolean>`(state = 'queued' or (state = 'suspended' and desired = 'ready') or (state = 'failed' and desired_reason = 'retrying'))`;

/** For the write that adds one more to what the owner has: two requests that come together are counted one after the other. */
export function allowanceSteps(store: Store, owner: Owner, { held, waiting }: Allowance): readonly Step[] {
  const present = ownedBy(store, owner);
  return [...atMost("held", held, present), ...atMost("waiting", waiting, present.where(WAITS))];
}

/** Known, or read in the same step. */
type Owner = string | Expression<string>;

function ownedBy(store: Store, owner: Owner) {
  return store.sql
    .selectFrom("workspaces")
    .select(sql<number>`count(*)`.as("present"))
    .where("owner", "=", owner)
    .where("state", "<>", RELEASED)
    .where("desired", "<>", "released");
}

function atMost(limit: keyof Allowance, most: number | undefined, present: ReturnType<typeof ownedBy>): readonly Step[] {
  if (most === undefined || !Number.isFinite(most)) return [];
  const full: Step<{ present: number }> = mustNot(present.having(sql`count(*)`, ">=", most), (outcome) => {
    const [row] = outcome.rows(full);
    return new RepositoryError("too_many", `one person has at most ${most} ${limit}`, { detail: { limit, most, present: row?.present } });
  });
  return [full];
}
