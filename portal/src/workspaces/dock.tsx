import type { LaunchView, WorkspaceView } from "@guise/contract";
import { Button } from "@mantine/core";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ApplicationIcon } from "../personas/application-icon.tsx";
import { useSession } from "../session/session.ts";
import styles from "./dock.module.css";
import { HowToOpen } from "./how-to-open.tsx";
import { Ports } from "./ports.tsx";
import { useApplications } from "./use-applications.ts";

interface DockProps {
  readonly workspace: WorkspaceView;
  opened(launch: LaunchView): void;
  /** Of the tab of a port. */
  show(tab: string): void;
}

/** The applications of the workspace, beside what is looked at: a click opens one, or goes to the one that is open. */
export function Dock({ workspace, opened, show }: DockProps) {
  const { agent } = useSession();
  const { applications, error } = useApplications(workspace, opened);
  const common = {
    color: "gray",
    c: "var(--mantine-color-text)",
    justify: "flex-start",
    style: { flexShrink: 0 },
  } as const;
  return (
    <nav aria-label="Applications" className={styles.dock}>
      {applications.map(({ application, name, running, opensHere, open, isOpening }) => {
        const icon = <ApplicationIcon application={application} />;
        if (!opensHere)
          return (
            <HowToOpen key={application.application} application={application} workspace={workspace.workspace_id} open={open}>
              <Button {...common} variant="subtle" leftSection={icon} aria-label={`How to open ${name}`} title={name}>
                <span className="cut" style={{ lineHeight: 1.5 }}>
                  {name}
                </span>
              </Button>
            </HowToOpen>
          );
        return (
          <Button
            key={application.application}
            {...common}
            variant={running === undefined ? "subtle" : "light"}
            color={running === undefined ? "gray" : "indigo"}
            leftSection={icon}
            loading={isOpening}
            onClick={open}
            aria-label={running === undefined ? `Open ${name}` : `Go to ${name}, which is open`}
            title={name}
          >
            <span className="cut" style={{ lineHeight: 1.5 }}>
              {name}
            </span>
          </Button>
        );
      })}
      {agent.me.applications_origin !== undefined && <Ports workspace={workspace.workspace_id} open={show} />}
      {error !== null && <ErrorNotice error={error} what="It was not opened" />}
    </nav>
  );
}
