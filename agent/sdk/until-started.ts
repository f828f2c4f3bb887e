import { kindFacts, type LaunchView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { followWorkspace } from "./follow-workspace.ts";
import { everyPage } from "./pages.ts";
import type { Transport } from "./transport.ts";

/** Follows a launch until it runs (or has run to its end); a command, which runs for who joins it, is given back at once. */
export async function untilStarted(transport: Transport, launch: LaunchView, signal: AbortSignal | undefined): Promise<LaunchView> {
  const known = startedOrThrow(launch);
  if (known !== undefined) return known;
  const path = `/workspaces/${encodeURIComponent(launch.workspace_id)}/launches`;
  for await (const progress of followWorkspace(transport, launch.workspace_id, { signal })) {
    if (progress.kind !== "launch" && progress.kind !== "workspace") continue;
    const present = (await everyPage<LaunchView>(transport, path)).find(({ launch_id }) => launch_id === launch.launch_id);
    const started = present === undefined ? undefined : startedOrThrow(present);
    if (started !== undefined) return started;
  }
  throw new AgentError("launch_failed", `The workspace of ${launch.application} was given back.`);
}

function startedOrThrow(launch: LaunchView): LaunchView | undefined {
  // A command begins when it is joined, and only then: there is nothing to wait for.
  const isForeground = kindFacts(launch.kind).runsAs === undefined;
  if (launch.state === "starting") return isForeground ? launch : undefined;
  if (launch.state === "running" || (launch.state === "exited" && isForeground)) return launch;
  const ended = launch.exit === undefined ? "ended before it had started" : `ended at once, with ${launch.exit}`;
  throw new AgentError("launch_failed", `${launch.application} ${ended}${launch.said === undefined ? "." : `: ${launch.said}`}`, {
    facts: { launch },
  });
}
