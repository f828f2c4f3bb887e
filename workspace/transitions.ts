import type { Reason, WorkspaceState } from "@guise/contract";

/** One allowed move. `from: null` is the beginning. */
export interface Transition {
  readonly from: WorkspaceState | null;
  readonly to: WorkspaceState;
  /** Reasons that may go with the target state; empty when it needs none. */
  readonly reasons: readonly Reason[];
  readonly when: string;
}

/** What retrying will not mend. */
const FAILURES: readonly Reason[] = [
  "image_build_failed",
  "source_not_registered",
  "source_unavailable",
  "start_failed",
  "configuration_failed",
  "readiness_failed",
];

/** The life of a workspace. The picture in the documents is generated from it, and a test walks every pair. */
export const TRANSITIONS: readonly Transition[] = [
  { from: null, to: "queued", reasons: ["waiting_for_room", "waiting_in_line"], when: "requested" },
  { from: "queued", to: "provisioning", reasons: ["starting"], when: "admitted by the Resource Manager" },
  { from: "provisioning", to: "ready", reasons: [], when: "readiness shown" },
  {
    from: "provisioning",
    to: "queued",
    reasons: ["displaced", "guise_stopped", "retrying"],
    when: "displaced, Guise stopped, or a passing fault",
  },
  { from: "ready", to: "provisioning", reasons: ["sandbox_lost"], when: "guard, main or engine lost" },
  {
    from: "ready",
    to: "suspending",
    reasons: ["suspended_by_person", "suspended_by_operator", "idle", "displaced", "guise_stopped"],
    when: "by the person, an operator, idleness, preemption or shutdown",
  },
  {
    from: "suspending",
    to: "suspended",
    reasons: ["suspended_by_person", "suspended_by_operator", "idle", "displaced", "guise_stopped"],
    when: "nothing of it runs",
  },
  { from: "suspended", to: "queued", reasons: ["waiting_for_room", "waiting_in_line"], when: "resumed" },
  {
    from: "queued",
    to: "suspended",
    reasons: ["suspended_by_person", "suspended_by_operator", "idle"],
    when: "the resuming is called off",
  },
  ...(["queued", "provisioning", "ready", "suspending"] as const).map(
    (from): Transition => ({
      from,
      to: "failing",
      reasons: FAILURES,
      when: "a reason that retrying will not mend",
    }),
  ),
  {
    from: "failing",
    to: "failed",
    reasons: FAILURES,
    when: "nothing of it runs",
  },
  { from: "failed", to: "queued", reasons: ["waiting_for_room", "waiting_in_line", "retrying"], when: "retried" },
  ...(["queued", "provisioning", "ready", "suspending", "suspended", "failing", "failed"] as const).map(
    (from): Transition => ({
      from,
      to: "releasing",
      reasons: ["given_back", "cancelled", "lifetime_ended", "stopped_by_operator"],
      when: "given back, cancelled, end of lifetime, or stopped by an operator",
    }),
  ),
  {
    from: "releasing",
    to: "released",
    reasons: ["given_back", "cancelled", "lifetime_ended", "stopped_by_operator"],
    when: "nothing of it is left",
  },
];

export function transitionOf(from: WorkspaceState | null, to: WorkspaceState): Transition | undefined {
  return TRANSITIONS.find((transition) => transition.from === from && transition.to === to);
}

/** States in which the workspace holds an allocation. */
export const ALLOCATED_STATES: readonly WorkspaceState[] = ["provisioning", "ready", "suspending", "failing", "releasing"];
/** States that a workspace does not leave by itself. */
export const SETTLED_STATES: readonly WorkspaceState[] = ["ready", "suspended", "failed", "released"];
