import { Alert, Button, Group, Text, useComputedColorScheme } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../session/session.ts";
import { TerminalScreen, type TerminalState } from "./terminal-screen.ts";
import styles from "./terminal-tab.module.css";

interface TerminalTabProps {
  readonly workspace: string;
  readonly launch: string;
  readonly name: string;
  /** It is the tab that is looked at. */
  readonly active: boolean;
  /** Another number: the person asked for it once more. */
  readonly asked: number;
  /** Its program has ended, and the person has read what it said. */
  readonly close: () => void;
}

/** A launched terminal application. Closing the tab leaves it running. */
export default function TerminalTab({ workspace, launch, name, active, asked, close }: TerminalTabProps) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>(undefined);
  const dark = useComputedColorScheme("light") === "dark";
  const firstDark = useRef(dark);
  const [state, setState] = useState<TerminalState>({ state: "connecting" });
  const { agent } = useSession();
  const closing = useRef(close);
  useEffect(() => {
    closing.current = close;
  }, [close]);
  const end = useMutation({ mutationFn: async () => (await agent.workspaceById(workspace)).stopLaunch(launch), onSuccess: close });

  useEffect(() => {
    if (place.current === null) return;
    const left = () => document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
    const changed = (next: TerminalState) => {
      setState(next);
      // Who left a program by its own keys has seen what there was to see.
      if (next.state === "ended" && next.exit === 0 && next.keyed) closing.current();
    };
    const parts = { place: place.current, workspace, launch, name, changed, left };
    const opened = new TerminalScreen(parts, firstDark.current);
    screen.current = opened;
    return () => opened.close();
  }, [workspace, launch, name]);
  useEffect(() => screen.current?.recolor(dark), [dark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who asks again wants the focus again
  useEffect(() => {
    if (!active) return;
    screen.current?.fit();
    screen.current?.focus();
  }, [active, asked]);

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
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          Ctrl+F6 leaves the terminal · Ctrl+Shift+C copies what is marked · closed, it goes on
        </Text>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          c="var(--mantine-color-text)"
          loading={end.isPending}
          onClick={() => (state.state === "ended" ? close() : end.mutate())}
        >
          {state.state === "ended" ? "Close" : "End"} {name}
        </Button>
      </Group>
    </div>
  );
}
