import type { TransferWay } from "@guise/contract";
import { Alert, Button, Group, Text, useComputedColorScheme } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { leavePanel } from "../kit/leave-panel.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import type { SearchResult } from "./search-result.ts";
import { TerminalScreen, type TerminalState } from "./terminal-screen.ts";
import { TerminalSearch } from "./terminal-search.tsx";
import styles from "./terminal-tab.module.css";
import { TextButtons } from "./text-buttons.tsx";

interface TerminalTabProps {
  readonly workspace: string;
  readonly launch: string;
  readonly name: string;
  /** What the persona keeps closed, which is one and the same as long as the workspace lives. */
  readonly closed: readonly TransferWay[];
  /** It is the tab that is looked at. */
  readonly active: boolean;
  /** Another number: the person asked for it once more. */
  readonly asked: number;
  /** Its program has ended, and the person has read what it said. */
  readonly close: () => void;
}

/** A launched terminal application. Closing the tab leaves it running. */
export default function TerminalTab({ workspace, launch, name, closed, active, asked, close }: TerminalTabProps) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>(undefined);
  const dark = useComputedColorScheme("light") === "dark";
  const firstDark = useRef(dark);
  const firstClosed = useRef(closed);
  const [state, setState] = useState<TerminalState>({ state: "connecting" });
  const [finding, setFinding] = useState<{ readonly first: string; readonly asked: number }>();
  const [result, setResult] = useState<SearchResult>();
  const [address, setAddress] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const { agent } = useSession();
  const closing = useRef(close);
  useEffect(() => {
    closing.current = close;
  }, [close]);
  const end = useMutation({ mutationFn: async () => (await agent.workspaceById(workspace)).stopLaunch(launch), onSuccess: close });

  useEffect(() => {
    if (place.current === null) return;
    const inside = place.current;
    const left = () => leavePanel(inside);
    const changed = (next: TerminalState) => {
      setState(next);
      // Who left a program by its own keys has seen what there was to see.
      if (next.state === "ended" && next.exit === 0 && next.keyed) closing.current();
    };
    const find = () => setFinding((before) => ({ first: before?.first ?? opened.marked(), asked: (before?.asked ?? 0) + 1 }));
    const told = { changed, left, find, found: setResult, pointed: setAddress, refused: setRefusal };
    const parts = { place: place.current, workspace, launch, name, closed: new Set(firstClosed.current), ...told };
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
        {refusal !== undefined && (
          <Alert
            color="gray"
            title="It was not copied or pasted"
            p="xs"
            withCloseButton
            closeButtonLabel="I have read it"
            onClose={() => setRefusal(undefined)}
          >
            {refusal}
          </Alert>
        )}
      </div>
      <div className={styles.whole}>
        <div ref={place} className={styles.screen} data-state={state.state} />
        {finding !== undefined && (
          <TerminalSearch
            name={name}
            first={finding.first}
            asked={finding.asked}
            result={result}
            search={(search) => screen.current?.find(search)}
            close={() => {
              setFinding(undefined);
              setResult(undefined);
              screen.current?.stopFinding();
            }}
          />
        )}
      </div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={4} wrap="nowrap" miw={0}>
          <TextButtons find={() => screen.current?.beginFinding()} />
          <Text size="xs" c="dimmed" truncate title={address === undefined ? undefined : visibleText(address)}>
            {address === undefined ? "Ctrl+F6 leaves it · closed, it goes on" : visibleText(address)}
          </Text>
        </Group>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          c="var(--mantine-color-text)"
          style={{ flexShrink: 0 }}
          loading={end.isPending}
          onClick={() => (state.state === "ended" ? close() : end.mutate())}
        >
          {state.state === "ended" ? "Close" : "End"} {name}
        </Button>
      </Group>
    </div>
  );
}
