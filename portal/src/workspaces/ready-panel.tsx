import { type Launchable, type LaunchView, LIMIT_KINDS, leftFileText, limitText, type WorkspaceView } from "@guise/contract";
import { Alert, Box, Group, Loader, Stack, Tabs, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconChartAreaLine,
  IconDatabaseExclamation,
  IconDoorOff,
  IconFileAlert,
  IconFolder,
  IconLayoutGrid,
  IconPlugConnected,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { loadPart } from "../connection/load-part.ts";
import { FilesPanel } from "../files/files-panel.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { ApplicationIcon } from "../personas/application-icon.tsx";
import { useSession } from "../session/session.ts";
import { ApplicationTab } from "./application-tab.tsx";
import { takeAsked } from "./asked-here.ts";
import { Dock } from "./dock.tsx";
import { IdleNotice } from "./idle-notice.tsx";
import { launchHere } from "./launch-here.ts";
import { portOfTab } from "./ports.tsx";
import styles from "./ready-panel.module.css";
import { shownHere } from "./shown-here.ts";
import { StartPanel } from "./start-panel.tsx";

// Only who opens one loads it.
const PortTab = lazy(() => loadPart(() => import("../web/port-tab.tsx")));
const UsagePanel = lazy(() => loadPart(() => import("../usage/usage-panel.tsx")));

/** The tab that is looked at first, where nothing is open. */
const START = "start";

/** A workspace in use: the dock, and a tab for each open application, its files and its usage. */
export function ReadyPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent } = useSession();
  const pattern = agent.me.applications_origin;
  const isOpen = (launch: LaunchView) => shownHere(launch.kind, pattern) !== undefined && isUnderWay(launch);
  const { tab } = useSearch({ from: "/inside/workspaces/$workspace" });
  const navigate = useNavigate({ from: "/workspaces/$workspace" });
  const shown = tab ?? workspace.launches.find(isOpen)?.launch_id ?? START;
  // An application stays as it is while another tab is looked at.
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  if (!visited.has(shown)) setVisited(new Set([...visited, shown]));
  // What has ended while somebody looked keeps its last words on the screen until it is closed.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const opened = workspace.launches.filter(
    (launch) =>
      isOpen(launch) || (shownHere(launch.kind, pattern) !== undefined && visited.has(launch.launch_id) && !closed.has(launch.launch_id)),
  );
  // What was opened stays until it is closed, whether or not something listens there.
  const ports = pattern === undefined ? [] : [...visited].flatMap((tab) => (closed.has(tab) ? [] : (portOfTab(tab) ?? [])));
  const close = (launch: string) => {
    setClosed((before) => new Set([...before, launch]));
    if (shown === launch) show(workspace.launches.find((one) => isOpen(one) && one.launch_id !== launch)?.launch_id ?? START);
  };
  // Who goes to a terminal wants to type in it, also when it is looked at already.
  const [asked, setAsked] = useState(0);
  const open = ({ launch_id }: LaunchView) => {
    setAsked(asked + 1);
    show(launch_id);
  };
  const opening = useMutation({
    mutationFn: async () => {
      const opened: LaunchView[] = [];
      for (const application of launchedHere(workspace, pattern)) opened.push(await launchHere(agent, workspace.workspace_id, application));
      return opened;
    },
    onSuccess: ([first]) => first !== undefined && open(first),
  });
  const { mutate: openList } = opening;
  useEffect(() => {
    if (takeAsked(workspace.workspace_id)) openList();
  }, [openList, workspace.workspace_id]);
  const show = (next: string) => {
    if (closed.has(next)) setClosed((before) => new Set([...before].filter((tab) => tab !== next)));
    void navigate({ search: { tab: next }, replace: true });
  };
  return (
    <Stack gap="sm" style={{ flex: 1 }}>
      <Notices workspace={workspace} />
      {opening.isPending && (
        <Group gap="xs" role="status">
          <Loader size="xs" role="img" aria-label="Opening" />
          <Text size="sm">
            Opening{" "}
            {launchedHere(workspace, pattern)
              .map(({ name }) => visibleText(name))
              .join(", ")}{" "}
            …
          </Text>
        </Group>
      )}
      {opening.isError && <ErrorNotice error={opening.error} what="Not everything was opened" />}
      <Box className={shown === START ? undefined : styles.frame}>
        {shown !== START && <Dock workspace={workspace} opened={open} show={show} />}
        <Tabs value={shown} onChange={(next) => next !== null && show(next)} keepMounted className={styles.tabs ?? ""}>
          <Tabs.List className={styles.list ?? ""} aria-label="Open applications, files and usage">
            <Tabs.Tab value={START} leftSection={<IconLayoutGrid size={16} />}>
              Applications
            </Tabs.Tab>
            {opened.map((launch) => (
              <Tabs.Tab key={launch.launch_id} value={launch.launch_id} leftSection={<ApplicationIcon application={launch} />}>
                {nameOf(launch, workspace)}
              </Tabs.Tab>
            ))}
            {ports.map((port) => (
              <Tabs.Tab key={port} value={`port-${port}`} leftSection={<IconPlugConnected size={16} />}>
                Port {port}
              </Tabs.Tab>
            ))}
            <Tabs.Tab value="files" leftSection={<IconFolder size={16} />}>
              Files
            </Tabs.Tab>
            <Tabs.Tab value="usage" leftSection={<IconChartAreaLine size={16} />}>
              Usage
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={START} pt="sm">
            {shown === START && <StartPanel workspace={workspace} opened={open} show={show} />}
          </Tabs.Panel>
          {opened.map((launch) => (
            <Tabs.Panel key={launch.launch_id} value={launch.launch_id} className={styles.application ?? ""}>
              {visited.has(launch.launch_id) && (
                <Suspense fallback={<Awaited what="this tab" height={160} />}>
                  <ApplicationTab
                    launch={launch}
                    name={nameOf(launch, workspace)}
                    closed={workspace.closed_ways ?? []}
                    active={shown === launch.launch_id}
                    asked={asked}
                    pattern={pattern}
                    close={() => close(launch.launch_id)}
                  />
                </Suspense>
              )}
            </Tabs.Panel>
          ))}
          {ports.map((port) => (
            <Tabs.Panel key={port} value={`port-${port}`} className={styles.application ?? ""}>
              <Suspense fallback={<Awaited what="this tab" height={160} />}>
                <PortTab workspace={workspace.workspace_id} port={port} pattern={pattern ?? ""} close={() => close(`port-${port}`)} />
              </Suspense>
            </Tabs.Panel>
          ))}
          <Tabs.Panel value="files" pt="sm">
            {visited.has("files") && <FilesPanel workspace={workspace} />}
          </Tabs.Panel>
          <Tabs.Panel value="usage" pt="sm">
            {visited.has("usage") && (
              <Suspense fallback={<Awaited what="this tab" height={160} />}>
                <UsagePanel workspace={workspace} />
              </Suspense>
            )}
          </Tabs.Panel>
          {tab !== undefined &&
            tab !== START &&
            tab !== "files" &&
            tab !== "usage" &&
            portOfTab(tab) === undefined &&
            !opened.some(({ launch_id }) => launch_id === tab) && (
              <Text p="sm" role="status">
                What was open here has ended.
              </Text>
            )}
        </Tabs>
      </Box>
    </Stack>
  );
}

/** What the persona opens, of what a tab can show. */
function launchedHere({ launch, applications }: WorkspaceView, pattern: string | undefined): readonly Launchable[] {
  return launch.flatMap((name) => {
    const application = applications.find((one) => one.application === name);
    return application !== undefined && application.needs === undefined && shownHere(application.kind, pattern) !== undefined
      ? [application]
      : [];
  });
}

function isUnderWay({ state }: LaunchView): boolean {
  return state === "running" || state === "starting";
}

function nameOf(launch: LaunchView, { applications }: WorkspaceView): string {
  return visibleText(applications.find(({ application }) => application === launch.application)?.name ?? launch.application);
}

function Notices({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent, live } = useSession();
  const keep = useMutation({
    mutationFn: async () => (await agent.workspaceById(workspace.workspace_id)).keep(),
    onSuccess: (view) => live.note(view),
  });
  const { idle, home, outdated, limits_hit, left_files, shut } = workspace;
  const newest = limits_hit?.[0];
  const [read, setRead] = useState("");
  return (
    <>
      {shut !== undefined && (
        <Alert color="red" icon={<IconDoorOff />} title="Nobody can enter it" role="status">
          {visibleText(shut.why)}
        </Alert>
      )}
      {idle !== undefined && <IdleNotice workspace={workspace} idle={idle} keeping={keep.isPending} keep={() => keep.mutate()} />}
      {keep.isError && <ErrorNotice error={keep.error} what="It was not kept" />}
      {home !== undefined && home.state !== "roomy" && (
        <Alert
          color={home.state === "full" ? "red" : "yellow"}
          icon={<IconDatabaseExclamation />}
          title={home.state === "full" ? "Its home is full" : "Its home is nearly full"}
          role="status"
        >
          {visibleText(home.why)}
        </Alert>
      )}
      {left_files !== undefined && (
        <Alert color="yellow" icon={<IconFileAlert />} title="Not all of the persona's configuration is set" role="status">
          {left_files.map((file) => (
            <Text key={file.path} size="sm">
              {visibleText(leftFileText(file))}
            </Text>
          ))}
        </Alert>
      )}
      {newest !== undefined && newest.at !== read && (
        <Alert
          color={newest.limit === "memory" ? "red" : "yellow"}
          icon={<IconAlertTriangle />}
          title={LIMIT_KINDS[newest.limit].meaning}
          role="status"
          withCloseButton
          closeButtonLabel="I have read it"
          onClose={() => setRead(newest.at)}
        >
          {visibleText(limitText(newest))}
        </Alert>
      )}
      {outdated !== undefined && (
        <Text size="sm" c="dimmed">
          Newer packages are there: paused and resumed, it gets them.
        </Text>
      )}
    </>
  );
}
