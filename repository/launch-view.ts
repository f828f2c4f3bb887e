import type { LaunchView } from "@guise/contract";
import type { LaunchRow } from "./stored-workspace.ts";

/** What people see of a stored launch. */
export function launchView(row: LaunchRow): LaunchView {
  return {
    launch_id: row.id,
    workspace_id: row.workspace,
    application: row.application,
    kind: row.kind as LaunchView["kind"],
    state: row.state,
    started_at: new Date(row.startedAt).toISOString(),
    ...(row.endedAt === undefined ? {} : { ended_at: new Date(row.endedAt).toISOString() }),
    ...(row.exit === undefined ? {} : { exit: row.exit }),
    ...(row.said === undefined ? {} : { said: row.said }),
    ...(row.web === undefined ? {} : { path: row.web.path }),
    ...(row.screen === undefined ? {} : { scale: row.screen.scale }),
  };
}
