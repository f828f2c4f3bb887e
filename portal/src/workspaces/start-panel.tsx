import { kindFacts, type LaunchView, type WorkspaceView } from "@guise/contract";
import { Group, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { ApplicationIcon } from "../personas/application-icon.tsx";
import { useSession } from "../session/session.ts";
import { HowToOpen } from "./how-to-open.tsx";
import { OwnTools } from "./own-tools.tsx";
import { Ports } from "./ports.tsx";
import styles from "./start-panel.module.css";
import { type ShownApplication, useApplications } from "./use-applications.ts";

interface StartPanelProps {
  readonly workspace: WorkspaceView;
  opened(launch: LaunchView): void;
  /** Of the tab of a port. */
  show(tab: string): void;
}

/** What can be done in a workspace, at a glance: its applications, each with its state. */
export function StartPanel({ workspace, opened, show }: StartPanelProps) {
  const { agent } = useSession();
  const { applications, error } = useApplications(workspace, opened);
  return (
    <Stack gap="md">
      <nav aria-label="Applications" className={styles.tiles}>
        {applications.map((one) => {
          if (one.opensHere) return <Tile key={one.application.application} {...one} />;
          return (
            <HowToOpen key={one.application.application} application={one.application} workspace={workspace.workspace_id} open={one.open}>
              <Tile {...one} open={undefined} />
            </HowToOpen>
          );
        })}
      </nav>
      {error !== null && <ErrorNotice error={error} what="It was not opened" />}
      {agent.me.applications_origin !== undefined && <Ports workspace={workspace.workspace_id} open={show} />}
      {workspace.closed_ways?.includes("streams") !== true && <OwnTools workspace={workspace.workspace_id} />}
    </Stack>
  );
}

/** `more`: what makes it the target of something that it opens. */
function Tile({ application, name, running, opensHere, open, isOpening, ...more }: ShownApplication) {
  const label = opensHere ? (running === undefined ? `Open ${name}` : `Go to ${name}, which is open`) : `How to open ${name}`;
  return (
    <UnstyledButton
      {...more}
      className={styles.tile ?? ""}
      data-open={running !== undefined || undefined}
      aria-label={label}
      aria-busy={isOpening}
      disabled={isOpening}
      {...(open === undefined ? {} : { onClick: open })}
    >
      <Group gap="sm" wrap="nowrap">
        <span className={styles.icon}>
          {isOpening ? <Loader size={24} role="img" aria-label="Opening" /> : <ApplicationIcon application={application} size={24} />}
        </span>
        <span className={styles.words}>
          <Text component="span" fw={600} truncate title={name}>
            {name}
          </Text>
          <Text component="span" size="xs" c="dimmed" truncate>
            {stateOf(application, running !== undefined)}
          </Text>
        </span>
      </Group>
    </UnstyledButton>
  );
}

function stateOf({ kind, needs }: ShownApplication["application"], isOpen: boolean): string {
  if (isOpen) return "Open";
  if (needs !== undefined) return `Needs ${visibleText(needs)}`;
  return WORDS[kindFacts(kind).joinedBy];
}

const WORDS = {
  terminal: "Terminal application",
  connection: "Web application",
  screen: "Desktop application",
  foreground: "Command",
} as const;
