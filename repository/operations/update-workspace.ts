import type { Reason } from "@guise/contract";
import { type ExpressionBuilder, sql, type UpdateObject } from "kysely";
import { toText } from "../json-text.ts";
import type { AnyStep } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";
import type { Tables, WorkspacesTable } from "../tables.ts";
import { allowedSources } from "./allowed-sources.ts";
import { LOOP_LEASE } from "./lease.ts";

type Present = Pick<WorkspacesTable, "state" | "reason" | "revision">;

/** The one setter of a workspace's state. The update itself holds the conditions; the look before it only tells which one was not met. */
export function updateStep(store: Store, step: AnyStep): { look: readonly Step[]; update: Step<WorkspacesTable> } {
  const present = run(store.sql.selectFrom("workspaces").select(["state", "reason", "revision"]).where("id", "=", step.id));
  const lease = leaseStep(store);
  const update = must(updateQuery(store, step), (outcome) => failureOf(step, outcome.rows(present)[0]));
  return { look: lease === undefined ? [present] : [lease, present], update };
}

function leaseStep(store: Store): Step | undefined {
  const { holder } = store.loop;
  if (holder === undefined) return undefined;
  const held = store.sql
    .selectFrom("leases")
    .select("holder")
    .where("name", "=", LOOP_LEASE)
    .where("holder", "=", holder)
    .where("expires_at", ">", store.databaseNow);
  return must(held, () => new RepositoryError("lease_lost", `${holder} no longer holds the lease of the control loop`));
}

function updateQuery(store: Store, step: AnyStep) {
  return store.sql
    .updateTable("workspaces")
    .set((eb) => ({ revision: step.revision + 1, state: step.to, message: step.message ?? null, ...changes(step), ...growth(step, eb) }))
    .where("id", "=", step.id)
    .where("revision", "=", step.revision)
    .where((eb) => sourceCondition(step, eb))
    .returningAll();
}

type Builder = ExpressionBuilder<Tables, "workspaces">;

function sourceCondition(step: AnyStep, { eb, and, or }: Builder) {
  const sources = allowedSources(step.to, step.reason);
  if (sources.length === 0) return sql<boolean>`1 = 0`;
  return or(
    sources.map((source) =>
      source.reasons === undefined
        ? eb("state", "=", source.from)
        : and([eb("state", "=", source.from), eb("reason", "in", source.reasons)]),
    ),
  );
}

type Changes = UpdateObject<Tables, "workspaces">;

/** Columns that get a value known beforehand. */
function changes(step: AnyStep): Changes {
  const set: Changes = {};
  if (step.reason !== undefined) set.reason = step.reason;
  else if (step.to === "ready") set.reason = null;
  if (step.newGeneration !== undefined) set.engine_name = step.newGeneration.engineName;
  if (step.newGeneration !== undefined) set.handle = null;
  if (step.free === true) set.node = null;
  if (step.allocate !== undefined) Object.assign(set, { node: step.allocate.node, admitted_at: step.at } satisfies Changes);
  if (step.applications !== undefined) set.applications = toText(step.applications);
  if (step.demand !== undefined) set.demand = toText(step.demand);
  if (step.attempts !== undefined) set.attempts = step.attempts;
  if (step.queuedSince !== undefined) set.queued_since = step.queuedSince;
  if (step.expiresAt !== undefined) set.expires_at = step.expiresAt;
  if (step.receipt !== undefined) set.receipt = toText(step.receipt);
  if (step.readyAt !== undefined) set.ready_at = step.readyAt;
  if (step.to === "released") set.released_at = step.at;
  if (step.leftFiles !== undefined) set.left_files = step.leftFiles.length === 0 ? null : toText(step.leftFiles);
  if (step.image !== undefined) Object.assign(set, { image_revision: step.image.revision, image: step.image.reference } satisfies Changes);
  return set;
}

/** Columns whose new value grows from the old one. */
function growth(step: AnyStep, { eb }: Builder): Changes {
  const set: Changes = {};
  const phases = step.phases ?? [];
  if (step.desiredReason === null) set.desired_reason = sql<Reason | null>`case when desired = 'ready' then null else desired_reason end`;
  if (step.answered !== undefined)
    set.wanted_demand = sql<string | null>`case when wanted_demand = ${toText(step.answered)} then null else wanted_demand end`;
  if (step.newGeneration !== undefined)
    Object.assign(set, { generation: eb("generation", "+", 1), phases: toText(phases) } satisfies Changes);
  else if (phases.length > 0) set.phases = appended(toText(phases));
  return set;
}

/** Two JSON arrays that are not both empty, as text: "[a" + ",b]", in functions that every back end has. */
function appended(more: string) {
  return sql<string>`case when phases = '[]' then ${more} else substr(phases, 1, length(phases) - 1) || ',' || substr(${more}, 2) end`;
}

function failureOf(step: AnyStep, present: Present | undefined): RepositoryError {
  if (present === undefined) return new RepositoryError("not_found", `there is no workspace ${step.id}`);
  if (present.revision !== step.revision) {
    const message = `workspace ${step.id} is at revision ${present.revision}, not ${step.revision}`;
    return new RepositoryError("stale_revision", message, { detail: { present: present.revision, given: step.revision } });
  }
  const because = step.reason === undefined ? "" : ` because of ${step.reason}`;
  return new RepositoryError("invalid_transition", `workspace ${step.id} cannot go from ${present.state} to ${step.to}${because}`);
}
