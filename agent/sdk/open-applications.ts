import { kindFacts, type LaunchView, type WorkspaceView } from "@guise/contract";

/** What runs in a workspace, by the names that people see; several of one as "Shell (2)". */
export interface OpenApplications {
  /** Opened again, anew, when the workspace is resumed. */
  readonly reopened: readonly string[];
  /** A command runs once and for all. */
  readonly ended: readonly string[];
}

export function openApplications({ launches, applications }: Pick<WorkspaceView, "launches" | "applications">): OpenApplications {
  const open = launches.filter(({ state }) => state === "running" || state === "starting");
  const named = (kept: (launch: LaunchView) => boolean) => {
    const counts = new Map<string, number>();
    for (const { application } of open.filter(kept)) {
      const name = applications.find((one) => one.application === application)?.name ?? application;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  };
  return {
    reopened: named(({ kind }) => kindFacts(kind).runsAs !== undefined),
    ended: named(({ kind }) => kindFacts(kind).runsAs === undefined),
  };
}
