import { kindFacts, type LaunchRequest, type LaunchScreen } from "@guise/contract";
import type { ConcreteApplication } from "#persona";
import type { FoundLaunch } from "#provisioning";
import type { LaunchChange, LaunchRow, WorkspaceRow } from "#repository";

/** What is written of a launch that was running, after a look inside; undefined: it still runs. Pure. */
export function changeOf(
  row: LaunchRow,
  workspace: WorkspaceRow,
  found: FoundLaunch | undefined,
  now: number,
): (LaunchChange & { readonly endedAt: number }) | undefined {
  if (row.generation !== workspace.generation || found === undefined || found.state === "lost") return { state: "lost", endedAt: now };
  if (found.state === "running") return undefined;
  return { state: "exited", endedAt: found.endedAt ?? now, ...(found.exit === undefined ? {} : { exit: found.exit }) };
}

export function rowOf(
  workspace: WorkspaceRow,
  application: ConcreteApplication,
  {
    id,
    now,
    request: { arguments: given, screen = USUAL_SCREEN },
  }: { readonly id: string; readonly now: number; readonly request: LaunchRequest },
): LaunchRow {
  return {
    id,
    workspace: workspace.id,
    generation: workspace.generation,
    application: application.application,
    kind: application.kind,
    state: "running",
    startedAt: now,
    ...(given === undefined || given.length === 0 ? {} : { arguments: given }),
    ...(kindFacts(application.kind).joinedBy === "screen" ? { screen } : {}),
    ...(application.web === undefined ? {} : { web: { port: application.web.port, path: application.web.path } }),
  };
}

/** What is assumed of whoever does not say. */
const USUAL_SCREEN: LaunchScreen = { width: 1280, height: 800, scale: 1 };

/** Ended within so many ms, an application was hardly seen. */
const SOON = 10_000;

/** Whether what a launch said last is worth keeping: who ends soon, or badly, has said why. */
export function endedSoonOrBadly({ startedAt }: LaunchRow, { state, exit, endedAt }: LaunchChange & { readonly endedAt: number }): boolean {
  return state === "exited" && (exit !== 0 || endedAt - startedAt < SOON);
}
