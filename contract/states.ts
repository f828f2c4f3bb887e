/** The closed sets of a workspace's life. Meanings stand beside the names; documents are checked against them. */

export const WORKSPACE_STATES = [
  "queued",
  "provisioning",
  "ready",
  "suspending",
  "suspended",
  "failing",
  "failed",
  "releasing",
  "released",
] as const;
export type WorkspaceState = (typeof WORKSPACE_STATES)[number];

/** What the person wants; written by the broker alone. */
export const DESIRED_STATES = ["ready", "suspended", "released"] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** Why a workspace is in a state that is not `ready`. */
export const REASONS = {
  waiting_for_room: "No node has enough free resources yet.",
  waiting_in_line: "Room would do, but it is held for a workspace that others passed often enough.",
  starting: "The sandbox is being made.",
  retrying: "A passing fault; it is tried again.",
  sandbox_lost: "The sandbox is gone; a new one is made on the same home.",
  displaced: "A workspace of higher priority took the room.",
  guise_stopped: "Guise was stopped.",
  suspended_by_person: "Suspended by the person.",
  suspended_by_operator: "Suspended by an operator.",
  idle: "Suspended because nobody used it for as long as the persona allows.",
  image_build_failed: "The image of the persona could not be built.",
  source_not_registered: "A data source of the persona is registered here no more.",
  source_unavailable: "A data source of the persona could not be reached, or gave no access.",
  start_failed: "The sandbox could not be started.",
  configuration_failed: "The configuration could not be applied.",
  readiness_failed: "The workspace started but did not become ready.",
  given_back: "Given back by the person.",
  cancelled: "Given back before it was ready.",
  lifetime_ended: "The maximum lifetime of the persona has passed.",
  stopped_by_operator: "Stopped by an operator.",
} as const;
export type Reason = keyof typeof REASONS;
export const REASON_NAMES = Object.keys(REASONS) as Reason[];

/** The phases of provisioning, in the order in which they begin. */
export const PHASES = ["image", "sandbox", "network", "storage", "data_access", "configuration", "readiness"] as const;
export type Phase = (typeof PHASES)[number];

/**
 * The life of a persona version. `draft`: as it is stored; what is shown of one is how its build stands, and that it is a draft.
 * `retired`: it is usable, but nobody can request its persona any more.
 */
export const VERSION_STATES = ["draft", "building", "usable", "build_failed", "retired"] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** What a picture of an application shows, where its catalog entry says more than its kind does. */
export const APPLICATION_ICONS = [
  "branch",
  "browser",
  "chart",
  "check",
  "database",
  "document",
  "editor",
  "folder",
  "format",
  "history",
  "language",
  "log",
  "map",
  "network",
  "notebook",
  "package",
  "picture",
  "school",
  "search",
  "sequence",
  "server",
  "shield",
  "table",
] as const;
export type ApplicationIconName = (typeof APPLICATION_ICONS)[number];

/** The life of one launch of an application. `suspended`: it was open when its workspace was suspended, and is opened again when that is resumed. */
export const LAUNCH_STATES = ["starting", "running", "suspended", "exited", "failed", "lost"] as const;
export type LaunchState = (typeof LAUNCH_STATES)[number];

/** `pip`: packages of one environment; `pipx`: a Python program that stands alone, in an environment of its own. */
export const PACKAGE_MANAGERS = ["apt", "pip", "pipx", "npm"] as const;
export type PackageManagerName = (typeof PACKAGE_MANAGERS)[number];

export function isPackageManager(name: string): name is PackageManagerName {
  return (PACKAGE_MANAGERS as readonly string[]).includes(name);
}

/** What the layers of an image are made by: package managers, and what brings a part of the system itself. */
export const LAYER_MAKERS = [...PACKAGE_MANAGERS, "node", "locale", "display"] as const;
export type LayerMakerName = (typeof LAYER_MAKERS)[number];

export const ROLES = ["user", "author", "operator", "auditor"] as const;
export type Role = (typeof ROLES)[number];
