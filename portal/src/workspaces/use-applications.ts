import type { Launchable, LaunchView, WorkspaceView } from "@guise/contract";
import { useMutation } from "@tanstack/react-query";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { launchHere } from "./launch-here.ts";
import { shownHere } from "./shown-here.ts";

/** An application of a workspace, and what a click on it does. */
export interface ShownApplication {
  readonly application: Launchable;
  readonly name: string;
  /** It is open: the click goes to it. */
  readonly running: LaunchView | undefined;
  /** A tab shows it by a click; else it is named with the command that opens it. */
  readonly opensHere: boolean;
  /** What opens it; absent where no tab can show it. */
  readonly open: (() => void) | undefined;
  readonly isOpening: boolean;
}

/** The applications of a workspace; `opened` is called with the one that was opened, or gone to. */
export function useApplications(workspace: WorkspaceView, opened: (launch: LaunchView) => void) {
  const { agent } = useSession();
  const launch = useMutation({
    mutationFn: (application: Launchable) => launchHere(agent, workspace.workspace_id, application),
    onSuccess: opened,
  });
  const applications = workspace.applications.map((application): ShownApplication => {
    const running = workspace.launches.find((one) => one.application === application.application && one.state === "running");
    const isShownHere = shownHere(application.kind, agent.me.applications_origin) !== undefined;
    const open = () => (running === undefined ? launch.mutate(application) : opened(running));
    return {
      application,
      name: visibleText(application.name),
      running,
      opensHere: isShownHere && (application.needs === undefined || running !== undefined),
      open: isShownHere ? open : undefined,
      isOpening: launch.isPending && launch.variables.application === application.application,
    };
  });
  return { applications, error: launch.error };
}
