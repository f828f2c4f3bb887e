import type { Launchable, LaunchView, WorkspaceView } from "@guise/contract";
import { Button, Popover, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { ApplicationIcon } from "../personas/application-icon.tsx";
import { useSession } from "../session/session.ts";
import styles from "./dock.module.css";

interface DockProps {
  readonly workspace: WorkspaceView;
  opened(launch: LaunchView): void;
}

/** The applications of the workspace: a click opens one, or goes to the one that is open. */
export function Dock({ workspace, opened }: DockProps) {
  const { agent } = useSession();
  const launch = useMutation({
    mutationFn: async (application: string) => (await agent.workspaceById(workspace.workspace_id)).launch(application),
    onSuccess: opened,
  });
  return (
    <nav aria-label="Applications" className={styles.dock}>
      {workspace.applications.map((application) => {
        const running = workspace.launches.find((one) => one.application === application.application && one.state === "running");
        const name = visibleText(application.name);
        if (application.kind !== "terminal")
          return <Elsewhere key={application.application} application={application} workspace={workspace} />;
        return (
          <Button
            key={application.application}
            variant={running === undefined ? "subtle" : "light"}
            color={running === undefined ? "gray" : "indigo"}
            c="var(--mantine-color-text)"
            justify="flex-start"
            leftSection={<ApplicationIcon application={application} />}
            loading={launch.isPending && launch.variables === application.application}
            onClick={() => (running === undefined ? launch.mutate(application.application) : opened(running))}
            aria-label={running === undefined ? `Open ${name}` : `Go to ${name}, which is open`}
            style={{ flexShrink: 0 }}
          >
            {name}
          </Button>
        );
      })}
      {launch.isError && <ErrorNotice error={launch.error} what="It was not opened" />}
    </nav>
  );
}

/** What a tab cannot show is named with the command that opens it. */
function Elsewhere({ application, workspace }: { readonly application: Launchable; readonly workspace: WorkspaceView }) {
  const name = visibleText(application.name);
  const isWeb = application.kind === "web";
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
          style={{ flexShrink: 0 }}
        >
          {name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <Stack gap="xs">
          <Text size="sm">
            {isWeb
              ? `${name} is a web application. The command opens it in your browser, over a way of its own:`
              : `${name} is a command. Type it in the shell, or from your own terminal:`}
          </Text>
          <CommandHint command={`${isWeb ? "launch" : "exec"} ${workspace.workspace_id} ${isWeb ? "" : "-- "}${application.application}`} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
