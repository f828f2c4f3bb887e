import type { LaunchView, WorkspaceView } from "@guise/contract";
import { Alert, Text, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { visibleText } from "../kit/visible-text.ts";
import { TerminalScreen, type TerminalState } from "./terminal-screen.ts";
import styles from "./terminal-tab.module.css";

interface TerminalTabProps {
  readonly workspace: WorkspaceView;
  readonly launch: LaunchView;
  /** It is the tab that is looked at. */
  readonly active: boolean;
}

/** A launched terminal application. Closing the tab leaves it running. */
export default function TerminalTab({ workspace, launch, active }: TerminalTabProps) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>(undefined);
  const dark = useComputedColorScheme("light") === "dark";
  const firstDark = useRef(dark);
  const [state, setState] = useState<TerminalState>({ state: "connecting" });
  const { workspace_id, applications } = workspace;
  const { launch_id, application } = launch;
  const name = visibleText(applications.find((one) => one.application === application)?.name ?? application);

  useEffect(() => {
    if (place.current === null) return;
    const left = () => document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
    const parts = { place: place.current, workspace: workspace_id, launch: launch_id, name, changed: setState, left };
    const opened = new TerminalScreen(parts, firstDark.current);
    screen.current = opened;
    return () => opened.close();
  }, [workspace_id, launch_id, name]);
  useEffect(() => screen.current?.recolor(dark), [dark]);
  useEffect(() => {
    if (!active) return;
    screen.current?.fit();
    screen.current?.focus();
  }, [active]);

  return (
    <div className={styles.frame}>
      <div role="status" aria-live="polite">
        {state.state === "lost" && (
          <Alert color="yellow" title="The connection was lost; it is being made again" p="xs">
            {name} goes on meanwhile.
          </Alert>
        )}
        {state.state === "ended" && (
          <Alert color="gray" title={`${name} has ended with ${state.exit}`} p="xs">
            What it wrote last stands below.
          </Alert>
        )}
        {state.state === "failed" && (
          <Alert color="red" title={`${name} cannot be shown`} p="xs">
            {state.message} Try: {state.remedy}
          </Alert>
        )}
      </div>
      <div ref={place} className={styles.screen} data-state={state.state} />
      <Text size="xs" c="dimmed">
        Ctrl+F6 leaves the terminal · Ctrl+Shift+C copies what is marked · closed, it goes on
      </Text>
    </div>
  );
}
