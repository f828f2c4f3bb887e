import type { Launchable, LaunchView, WorkspaceView } from "@guise/contract";
import { Button, Popover, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { ApplicationIcon } from "../personas/application-icon.tsx";
import { useSession } from "../session/session.ts";
import styles from "./dock.module.css";
import { launchHere } from "./launch-here.ts";
import { Ports } from "./ports.tsx";
import { shownHere } from "./shown-here.ts";

interface DockProps {
  readonly workspace: WorkspaceView;
  opened(launch: LaunchView): void;
  /** Of the tab of a port. */
  show(tab: string): void;
}

/** The applications of the workspace: a click opens one, or goes to the one that is open. */
export function Dock({ workspace, opened, show }: DockProps) {
  const { agent } = useSession();
  const launch = useMutation({
    mutationFn: (application: Launchable) => launchHere(agent, workspace.workspace_id, application),
    onSuccess: opened,
  });
  return (
    <nav aria-label="Applications" className={styles.dock}>
      {workspace.applications.map((application) => {
        const running = workspace.launches.find((one) => one.application === application.application && one.state === "running");
        const name = visibleText(application.name);
        const isShownHere = shownHere(application.kind, agent.me.applications_origin) !== undefined;
        if (!isShownHere || (application.needs !== undefined && running === undefined)) {
          const open = isShownHere ? () => launch.mutate(application) : undefined;
          return <Elsewhere key={application.application} application={application} workspace={workspace} open={open} />;
        }
        return (
          <Button
            key={application.application}
            variant={running === undefined ? "subtle" : "light"}
            color={running === undefined ? "gray" : "indigo"}
            c="var(--mantine-color-text)"
            justify="flex-start"
            leftSection={<ApplicationIcon application={application} />}
            loading={launch.isPending && launch.variables.application === application.application}
            onClick={() => (running === undefined ? launch.mutate(application) : opened(running))}
            aria-label={running === undefined ? `Open ${name}` : `Go to ${name}, which is open`}
            title={name}
            classNames={{ label: styles.label ?? "" }}
            style={{ flexShrink: 0 }}
          >
            {name}
          </Button>
        );
      })}
      {agent.me.applications_origin !== undefined && <Ports workspace={workspace.workspace_id} open={show} />}
      {launch.isError && <ErrorNotice error={launch.error} what="It was not opened" />}
    </nav>
  );
}

interface ElsewhereProps {
  readonly application: Launchable;
  readonly workspace: WorkspaceView;
  /** A tab can show it, once it has what it needs. */
  readonly open: (() => void) | undefined;
}

/** What a tab cannot show, or not without something that a button cannot give, is named with the command that opens it. */
function Elsewhere({ application, workspace, open }: ElsewhereProps) {
  const name = visibleText(application.name);
  return (
    <Popover width={340} position="right-start" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          justify="flex-start"
          leftSection={<ApplicationIcon application={application} />}
          aria-label={`How to open ${name}`}
          title={name}
          classNames={{ label: styles.label ?? "" }}
          style={{ flexShrink: 0 }}
        >
          {name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <Stack gap="xs">
          <Text size="sm">{howToOpen(application, name)}</Text>
          <CommandHint command={`guise launch ${workspace.workspace_id} ${application.application}`} />
          {open !== undefined && (
            <Button size="xs" variant="default" onClick={open}>
              Open {name} as it is
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function howToOpen({ kind, needs }: Launchable, name: string): string {
  if (kind === "web") return `${name} is a web application. The command opens it in your browser, over a way of its own:`;
  if (needs !== undefined) return `${name} needs ${visibleText(needs)}. From your own terminal:`;
  return `${name} is a command. Its programs are in the shell; from your own terminal:`;
}
