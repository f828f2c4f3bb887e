import type { Phase } from "@guise/contract";
import type { AnyStep, WorkspaceRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { mustNot, type Outcome, run, type Step, type Store } from "../store.ts";
import type { WorkspacesTable } from "../tables.ts";
import { workspaceOf } from "../workspace-row.ts";
import { homeSteps } from "./homes.ts";
import { imageSteps } from "./images.ts";
import { endRun } from "./runs.ts";
import { updateStep } from "./update-workspace.ts";
import { auditStep } from "./write-audit.ts";
import { innerEventStep, stateEventStep } from "./write-event.ts";

/** All or none of the steps, in one durable step of the store. */
export async function moveWorkspaces(store: Store, steps: readonly AnyStep[]): Promise<readonly WorkspaceRow[]> {
  if (steps.length === 0) return [];
  const moves = steps.map((step) => moveOf(store, step));
  const outcome = await store.write(moves.flatMap(({ parts }) => parts));
  return moves.map(({ update, id }) => movedRow(outcome, update, id));
}

interface Move {
  readonly id: string;
  readonly update: Step<WorkspacesTable>;
  readonly parts: readonly Step[];
}

function moveOf(store: Store, step: AnyStep): Move {
  const { look, update } = updateStep(store, step);
  const finished = (step.phases ?? []).map((phase) => phaseEvent(store, step, phase));
  const around = [...forgetOldEvents(store, step), ...allocationSteps(store, step), ...imageSteps(store, step)];
  const entry = step.audit === undefined ? [] : [auditStep(store, step.audit)];
  const ended = step.free === true ? [endRun(store, step)] : [];
  const parts = [...look, ...finished, ...ended, update, stateEvent(store, step), ...around, ...entry];
  return { id: step.id, update, parts };
}

function movedRow(outcome: Outcome, update: Step<WorkspacesTable>, id: string): WorkspaceRow {
  const row = outcome.rows(update)[0];
  if (row === undefined) throw new RepositoryError("not_found", `there is no workspace ${id}`);
  return workspaceOf(row);
}

/** Written before the row moves on: a phase ended while the workspace was at the revision that the loop saw. */
function phaseEvent(store: Store, step: AnyStep, finished: { phase: Phase; took: number }): Step {
  const body = { phase: finished.phase, took: finished.took };
  return innerEventStep(store, { workspace: step.id, kind: "phase_finished", at: step.at, body });
}

function stateEvent(store: Store, step: AnyStep): Step {
  const body = { state: step.to, ...(step.message === undefined ? {} : { message: step.message }) };
  return stateEventStep(store, { workspace: step.id, revision: step.revision + 1, at: step.at, body });
}

/** A workspace that changes its reason for weeks does not fill the disk. */
function forgetOldEvents(store: Store, step: AnyStep): readonly Step[] {
  const last = step.revision + 1 - store.revisionsKept;
  if (last < 1) return [];
  return [run(store.sql.deleteFrom("events").where("workspace", "=", step.id).where("revision", "<=", last))];
}

function allocationSteps(store: Store, step: AnyStep): readonly Step[] {
  const steps: Step[] = [...homeSteps(store, step)];
  if (step.free === true) steps.push(run(store.sql.deleteFrom("allocations").where("workspace", "=", step.id)));
  if (step.allocate !== undefined) {
    const { node, amounts } = step.allocate;
    const { cpu, ram, storage, ingress, egress } = amounts;
    steps.push(run(store.sql.insertInto("allocations").values({ workspace: step.id, node, cpu, ram, storage, ingress, egress })));
  }
  if (step.reallocate !== undefined)
    steps.push(run(store.sql.updateTable("allocations").set(step.reallocate).where("workspace", "=", step.id)));
  if (step.to === "released") steps.push(holdsNothing(store, step.id));
  return steps;
}

/** Room that nobody holds and nobody gives back would be lost until the end of the installation. */
function holdsNothing(store: Store, id: string): Step {
  return mustNot(
    store.sql.selectFrom("allocations").select("node").where("workspace", "=", id),
    () => new RepositoryError("invalid_transition", `workspace ${id} cannot be released while it holds an allocation`),
  );
}
