import type { WorkspaceEvent } from "@guise/contract";

/** What happened on the way, as far as it was seen live. */
export interface WorkspaceActivity {
  /** The phase that runs now, when it began, and what it says. */
  readonly phase?: string;
  readonly since?: number;
  readonly message?: string;
  readonly percent?: number;
  readonly log: readonly string[];
  /** It was told that it is paused soon, for nobody uses it. */
  readonly isIdle?: boolean;
}

export const NO_ACTIVITY: WorkspaceActivity = { log: [] };

/** Lines of the log that are kept on screen. */
const LONGEST_LOG = 500;

/** Pure. `now` in ms. */
export function afterEvent(before: WorkspaceActivity, event: WorkspaceEvent, now: number): WorkspaceActivity {
  if (event.kind === "idle") return { ...before, isIdle: event.reason === "idle" };
  if (event.kind === "log") return { ...before, log: [...before.log, event.message ?? ""].slice(-LONGEST_LOG) };
  if (event.kind === "phase_started") {
    const { log } = before;
    return { log, since: now, ...(event.phase === undefined ? {} : { phase: event.phase }), ...messageOf(event) };
  }
  if (event.kind === "progress") {
    const { percent: _, ...rest } = before;
    return { ...rest, ...messageOf(event), ...(event.percent === undefined ? {} : { percent: event.percent }) };
  }
  // A phase that ended while the next one runs already is no news of that one.
  if (event.kind === "phase_finished") return event.phase === before.phase ? { log: before.log } : before;
  if (event.kind === "state" && event.state !== "provisioning") return { log: before.log };
  return before;
}

function messageOf(event: WorkspaceEvent): { readonly message?: string } {
  return event.message === undefined ? {} : { message: event.message };
}
