import { type Amounts, WORKSPACE_STATES, type WorkspaceState } from "@guise/contract";
import type { ManualClock } from "#foundation";
import { TRANSITIONS, transitionOf } from "#workspace";
import type { AnyStep, AuditEntry, NewVersion, NewWorkspace, Repository, WorkspaceRow, WorkspaceStep } from "./repository.ts";

/** A back end under test: its own empty store, on a clock that the test moves. */
export interface World {
  readonly repository: Repository;
  readonly clock: ManualClock;
  /** Commits that changed something, so far. */
  commits(): number;
  /** Ends the store and removes what it left. */
  end(): Promise<void>;
}

export const AMOUNTS: Amounts = { cpu: 1000, ram: 2 ** 30, storage: 2 ** 40, ingress: 50_000_000, egress: 10_000_000 };

export function anEntry(action = "test", target = "something"): AuditEntry {
  return { at: 1, actor: "guise", action, target, outcome: "done" };
}

export function aVersion(change: Partial<NewVersion> = {}): NewVersion {
  const names = { persona: "analyst", name: "Analyst", ownerGroup: "analytics", publishedBy: "local|ada" };
  return { ...names, digest: "sha256:1", definition: { persona_id: "analyst" }, publishedAt: 10, ...change };
}

export function aWorkspace(id: string, change: Partial<NewWorkspace> = {}): NewWorkspace {
  return {
    ...{ id, owner: "local|ada", group: "analytics", persona: "analyst", personaName: "Analyst", version: 1 },
    ...{ environment: "production", name: id, parameters: { region: "UK" }, priority: "normal", demand: AMOUNTS },
    ...{ concrete: { launch: ["psql"] }, requestedAt: 100, home: `h-${id}`, keepHome: false },
    ...change,
  };
}

/** What most tests begin with: a usable version of "analyst". */
export async function withPersona(repository: Repository): Promise<Repository> {
  await repository.publishVersion(aVersion(), anEntry());
  await repository.setBuild("analyst", 1, { state: "usable" });
  return repository;
}

export async function newWorkspace(repository: Repository, id: string, change: Partial<NewWorkspace> = {}): Promise<WorkspaceRow> {
  const { workspace } = await repository.createWorkspace(aWorkspace(id, change), anEntry("request", id));
  return workspace;
}

/** A step that the table allows, with the first reason that goes with it; what else goes with a step is for the caller to say, or to leave out. */
export function stepTo(row: WorkspaceRow, to: WorkspaceState, change: Partial<AnyStep> = {}): WorkspaceStep {
  const reason = transitionOf(row.state, to)?.reasons[0];
  return { id: row.id, revision: row.revision, to, at: 200, ...(reason === undefined ? {} : { reason }), ...change } as WorkspaceStep;
}

/** Moves a workspace along the shortest way of the table. */
export async function bringTo(repository: Repository, workspace: WorkspaceRow, state: WorkspaceState): Promise<WorkspaceRow> {
  let row = workspace;
  for (const next of wayTo(row.state, state)) row = await repository.move(stepTo(row, next));
  return row;
}

function wayTo(from: WorkspaceState, to: WorkspaceState): readonly WorkspaceState[] {
  const ways = new Map<WorkspaceState, readonly WorkspaceState[]>([[from, []]]);
  for (let length = 0; length < WORKSPACE_STATES.length; length++) {
    for (const transition of TRANSITIONS) {
      const way = transition.from === null ? undefined : ways.get(transition.from);
      if (way?.length === length && !ways.has(transition.to)) ways.set(transition.to, [...way, transition.to]);
    }
  }
  const way = ways.get(to);
  if (way === undefined) throw new Error(`no way from ${from} to ${to}`);
  return way;
}
