import { EXIT_CODES, type LaunchView, type WorkspaceState } from "@guise/contract";
import { AgentError, type Workspace } from "../../sdk/index.ts";

/** Why there is nothing more to hold open, and the exit code that says so. */
export interface Over {
  readonly why: string;
  readonly exit: number;
}

const OVER: ReadonlySet<LaunchView["state"]> = new Set(["exited", "failed", "lost"]);

/**
 * Follows the applications that are held open here until none of them can come back. A pause is no end: resumed, they are opened again
 * under the same ids, and so at the same addresses; both are noted. Rejects where the workspace can no longer be followed.
 */
export async function untilOver(
  workspace: Workspace,
  launches: readonly LaunchView[],
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<Over> {
  const held = new Set(launches.map(({ launch_id }) => launch_id));
  let last: WorkspaceState = workspace.view.state;
  for await (const event of workspace.events({ since: workspace.view.revision, signal })) {
    const { state = last, message } = event;
    // Who works in the browser keeps it by that; who does not may still see this terminal.
    if (event.kind === "idle" && event.reason === "idle") note(`this workspace is ${message}: guise keep ${workspace.id}`);
    if (event.kind === "launch" && held.has(event.launch ?? "")) {
      const over = overOf((await workspace.launches()).filter(({ launch_id }) => held.has(launch_id)));
      if (over !== undefined) return over;
    }
    if (state === last) continue;
    last = state;
    const because = message === undefined || message === "" ? "" : `: ${message}`;
    if (state === "releasing" || state === "released") return { why: `the workspace was given back${because}`, exit: EXIT_CODES.failed };
    if (state === "failed") return { why: `the workspace failed${because}`, exit: EXIT_CODES.failed };
    if (state === "suspended") note(`paused${because}. It goes on at the same address when it is resumed: guise resume ${workspace.id}`);
    else if (state === "ready") note("ready again; what was open is opened again, at the same address");
  }
  return { why: "the workspace was given back", exit: EXIT_CODES.failed };
}

/** When all of them have ended for good. */
function overOf(launches: readonly LaunchView[]): Over | undefined {
  if (launches.length === 0 || launches.some(({ state }) => !OVER.has(state))) return undefined;
  const exits = launches.map(({ exit }) => exit ?? EXIT_CODES.failed);
  return { why: launches.map(endText).join("; "), exit: exits.find((exit) => exit !== 0) ?? 0 };
}

function endText({ application, state, exit, said }: LaunchView): string {
  const ended = exit === undefined ? `${application} is gone (${state})` : `${application} ended with ${exit}`;
  return said === undefined ? ended : `${ended}: ${said}`;
}

/** What a browser is told while the application cannot be reached. */
export function unreachedText(error: unknown): string {
  return error instanceof AgentError ? error.message : "The application does not answer.";
}
