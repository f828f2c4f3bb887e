import type { Launchable, LaunchView, WorkspaceView } from "@guise/contract";
import { Box, Group, Loader, Stack, Tabs, Text } from "@mantine/core";
import { IconChartAreaLine, IconFolder, IconLayoutGrid, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
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
import { launchHere } from "./launch-here.ts";
import { Pane, TABS } from "./pane.tsx";
import { Panes } from "./panes.tsx";
import { portOfTab } from "./ports.tsx";
import styles from "./ready-panel.module.css";
import { shownHere } from "./shown-here.ts";
import { endSplit, goTo, lookedAt, showBeside, without } from "./split-view.ts";
import { StartPanel } from "./start-panel.tsx";
import { usePortNames } from "./use-ports.ts";
import { useShown } from "./use-shown.ts";
import { useWhole } from "./use-whole.ts";
import { ViewButtons } from "./view-buttons.tsx";
import { warningOf } from "./warning.ts";
import { WorkspaceWarnings } from "./workspace-warnings.tsx";

// Only who opens one loads it.
const PortTab = lazy(() => loadPart(() => import("../web/port-tab.tsx")));
const UsagePanel = lazy(() => loadPart(() => import("../usage/usage-panel.tsx")));

/** The tab that is looked at first, where nothing is open. */
const START = "start";

/** A workspace in use: the dock, and a tab for each open application, its files and its usage; one is seen, or two side by side. */
export function ReadyPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent } = useSession();
  const pattern = agent.me.applications_origin;
  const isOpen = (launch: LaunchView) => shownHere(launch.kind, pattern) !== undefined && isUnderWay(launch);
  const { tab: asked } = useSearch({ from: "/inside/workspaces/$workspace" });
  const navigate = useNavigate({ from: "/workspaces/$workspace" });
  const firstOpen = workspace.launches.find(isOpen)?.launch_id ?? START;
  const portNames = usePortNames(workspace.workspace_id, pattern !== undefined);
  // An application stays as it is while another tab is looked at. What has ended while somebody looked keeps its last words until it is closed.
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const tabs: readonly WorkspaceTab[] = [
    { tab: START, name: "Applications", icon: <IconLayoutGrid size={16} />, fills: false },
    ...workspace.launches
      .filter((launch) => isOpen(launch) || (shownHere(launch.kind, pattern) !== undefined && visited.has(launch.launch_id)))
      .map((launch) => ({
        ...{ tab: launch.launch_id, name: nameOf(launch, workspace), icon: <ApplicationIcon application={launch} /> },
        ...{ fills: true, launch },
      })),
    // What was opened stays until it is closed, whether or not something listens there.
    ...(pattern === undefined ? [] : [...new Set([asked ?? "", ...visited])]).flatMap((tab) => {
      const port = portOfTab(tab);
      return port === undefined
        ? []
        : [{ tab, name: portNames.get(port) ?? `Port ${port}`, icon: <IconPlugConnected size={16} />, fills: true, port }];
    }),
    { tab: "files", name: "Files", icon: <IconFolder size={16} />, fills: false },
    { tab: "usage", name: "Usage", icon: <IconChartAreaLine size={16} />, fills: false },
  ].filter(({ tab }) => !closed.has(tab) || tab === asked);
  const view = useShown({
    workspace: workspace.workspace_id,
    first: asked ?? firstOpen,
    tabs: new Set(tabs.map(({ tab }) => tab)),
    goTo: (tab) => void navigate({ search: { tab }, replace: true }),
  });
  const { shown } = view;
  const seen = shown.split === undefined ? [shown.first] : [shown.first, shown.split.second];
  if (seen.some((tab) => !visited.has(tab))) setVisited(new Set([...visited, ...seen]));
  const active = lookedAt(shown);
  const { whole, enter, leave } = useWhole();
  // Who goes to a terminal wants to type in it, also when it is looked at already.
  const [times, setTimes] = useState(0);
  const show = (tab: string) => {
    if (closed.has(tab)) setClosed((before) => new Set([...before].filter((one) => one !== tab)));
    view.change(goTo(shown, tab));
  };
  const close = (tab: string) => {
    if (whole === tab) leave();
    setClosed((before) => new Set([...before, tab]));
    view.change(without(shown, tab, workspace.launches.find((one) => isOpen(one) && one.launch_id !== tab)?.launch_id ?? START));
  };
  const open = ({ launch_id }: LaunchView) => {
    setTimes(times + 1);
    show(launch_id);
  };
  const setWhole = (tab: string, isWhole: boolean) => {
    if (isWhole) enter(tab);
    else leave();
    view.enter(tab);
    setTimes(times + 1);
  };
  const opening = useOpening(workspace, open);
  const nameOfTab = (tab: string) => tabs.find((one) => one.tab === tab)?.name ?? "this tab";
  const showsStart = seen.includes(START);
  return (
    <Stack gap="sm" style={{ flex: 1 }}>
      <WorkspaceWarnings workspace={workspace} />
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
      <Box className={showsStart ? undefined : styles.frame}>
        {!showsStart && <Dock workspace={workspace} opened={open} show={show} />}
        <Tabs id={TABS} value={active} onChange={(next) => next !== null && show(next)} className={styles.tabs ?? ""}>
          <div className={styles.row}>
            <Tabs.List className={styles.list ?? ""} aria-label="Open applications, files and usage">
              {tabs.map(({ tab, name, icon }) => (
                <Tabs.Tab key={tab} value={tab} leftSection={icon} data-beside={(seen.includes(tab) && tab !== active) || undefined}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <ViewButtons
              others={tabs.filter(({ tab }) => tab !== active)}
              isSplit={shown.split !== undefined}
              name={nameOfTab(active)}
              beside={(tab) => view.change(showBeside(shown, tab))}
              endSplit={() => view.change(endSplit(shown))}
              fillScreen={() => setWhole(active, true)}
            />
          </div>
          <Panes split={shown.split} move={view.move}>
            {/* In the order in which they were visited, so that none is ever moved. */}
            {[...visited].flatMap((id) => {
              const one = tabs.find(({ tab }) => tab === id);
              if (one === undefined) return [];
              const side = id === shown.first ? "first" : id === shown.split?.second ? "second" : undefined;
              const isActive = active === id;
              return (
                <Pane
                  key={id}
                  tab={id}
                  name={one.name}
                  side={side}
                  active={isActive}
                  whole={whole === id}
                  isSplit={shown.split !== undefined}
                  fills={one.fills}
                  warning={warningOf(workspace)}
                  entered={() => view.enter(id)}
                  setWhole={(isWhole) => setWhole(id, isWhole)}
                  giveUp={() => view.change(endSplit({ ...shown, side: side === "first" ? "second" : "first" }))}
                >
                  <Suspense fallback={<Awaited what="this tab" height={160} />}>
                    {one.launch !== undefined && (
                      <ApplicationTab
                        launch={one.launch}
                        name={one.name}
                        closed={workspace.closed_ways ?? []}
                        active={isActive}
                        asked={times}
                        pattern={pattern}
                        close={() => close(id)}
                      />
                    )}
                    {one.port !== undefined && (
                      <PortTab
                        workspace={workspace.workspace_id}
                        port={one.port}
                        name={one.name}
                        pattern={pattern ?? ""}
                        close={() => close(id)}
                      />
                    )}
                    {id === START && side !== undefined && <StartPanel workspace={workspace} opened={open} show={show} />}
                    {id === "files" && <FilesPanel workspace={workspace} />}
                    {id === "usage" && <UsagePanel workspace={workspace} />}
                  </Suspense>
                </Pane>
              );
            })}
          </Panes>
          {!tabs.some(({ tab }) => tab === shown.first) && (
            <Text p="sm" role="status">
              What was open here has ended.
            </Text>
          )}
        </Tabs>
      </Box>
    </Stack>
  );
}

interface WorkspaceTab {
  readonly tab: string;
  readonly name: string;
  readonly icon: ReactNode;
  /** It is as high as the window. */
  readonly fills: boolean;
  readonly launch?: LaunchView;
  readonly port?: number;
}

/** Opens what the persona opens, once, where its person asked for the workspace here. */
function useOpening(workspace: WorkspaceView, opened: (launch: LaunchView) => void) {
  const { agent } = useSession();
  const opening = useMutation({
    mutationFn: async () => {
      const launches: LaunchView[] = [];
      for (const application of launchedHere(workspace, agent.me.applications_origin))
        launches.push(await launchHere(agent, workspace.workspace_id, application));
      return launches;
    },
    onSuccess: ([first]) => first !== undefined && opened(first),
  });
  const { mutate: openList } = opening;
  useEffect(() => {
    if (takeAsked(workspace.workspace_id)) openList();
  }, [openList, workspace.workspace_id]);
  return opening;
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
