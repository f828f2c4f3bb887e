import type { LaunchView } from "@guise/contract";
import { ActionIcon, Alert, Button, Group, Loader, Text } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { leavePanel } from "../kit/leave-panel.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import styles from "./desktop-tab.module.css";
import { Display, type DisplayState } from "./display.ts";

interface DesktopTabProps {
  readonly launch: LaunchView;
  readonly name: string;
  /** It is the tab that is looked at. */
  readonly active: boolean;
  /** Another number: the person asked for it once more. */
  readonly asked: number;
  readonly close: () => void;
}

/** A launched desktop application, on the whole tab. Closing the tab leaves it running. */
export default function DesktopTab({ launch, name, active, asked, close }: DesktopTabProps) {
  const { agent } = useSession();
  const { workspace_id: workspace, launch_id, scale = 1, state: life, said } = launch;
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const display = useRef<Display>(undefined);
  const [state, setState] = useState<DisplayState>({ state: "connecting" });
  const [uncopied, setUncopied] = useState<string>();
  const runs = life === "running";
  const isOver = !runs && life !== "starting";
  const end = useMutation({ mutationFn: async () => (await agent.workspaceById(workspace)).stopLaunch(launch_id), onSuccess: close });

  useEffect(() => {
    if (!runs || place.current === null || field.current === null) return;
    const copied = (text: string) => {
      // Only a page that is looked at may write there, and some browsers want to be asked each time.
      navigator.clipboard.writeText(text).then(
        () => setUncopied(undefined),
        () => setUncopied(text),
      );
    };
    const inside = place.current;
    const left = () => leavePanel(inside);
    const parts = { agent, workspace, launch: launch_id, scale, place: place.current, field: field.current };
    const opened = new Display({ ...parts, changed: setState, copied, left });
    display.current = opened;
    return () => opened.close();
  }, [agent, workspace, launch_id, scale, runs]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who asks again wants the focus again
  useEffect(() => {
    if (active) display.current?.focus();
  }, [active, asked, runs]);

  return (
    <div className={styles.frame}>
      <div role="status" aria-live="polite">
        {state.state === "lost" && !isOver && (
          <Alert color="yellow" title="The connection was lost; it is being made again" p="xs">
            {name} goes on meanwhile.
          </Alert>
        )}
        {state.state === "failed" && !isOver && (
          <Alert color="red" title={`${name} cannot be shown`} p="xs">
            {state.message} Try: {state.remedy}
          </Alert>
        )}
        {isOver && (
          <Alert color="gray" title={`${name} has ended`} p="xs">
            {said === undefined ? "Open it again from the list of applications." : visibleText(said)}
          </Alert>
        )}
        {uncopied !== undefined && (
          <Alert
            color="gray"
            title="Copied inside"
            p="xs"
            withCloseButton
            closeButtonLabel="Leave it"
            onClose={() => setUncopied(undefined)}
          >
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                void navigator.clipboard.writeText(uncopied).then(
                  () => setUncopied(undefined),
                  () => {},
                )
              }
            >
              Copy it to this computer
            </Button>
          </Alert>
        )}
      </div>
      {end.isError && <ErrorNotice error={end.error} what={`${name} was not ended`} />}
      <div className={styles.screen} data-state={state.state}>
        <div ref={place} className={styles.place} />
        <textarea
          ref={field}
          className={styles.field}
          aria-label={`${name}, a desktop application; Control F6 leaves it`}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
        />
        {!isOver && state.state === "connecting" && (
          <div className={styles.waiting}>
            <Group gap="xs">
              <Loader size="sm" role="img" aria-label="Starting" />
              <Text size="sm">{name} is starting …</Text>
            </Group>
          </div>
        )}
      </div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            className={styles.touch ?? ""}
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Show this device's keyboard"
            onClick={() => display.current?.focus()}
          >
            <IconKeyboard size={14} />
          </ActionIcon>
          <Text size="xs" c="dimmed" truncate>
            Ctrl+F6 leaves it · closed, it goes on
          </Text>
        </Group>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          c="var(--mantine-color-text)"
          style={{ flexShrink: 0 }}
          loading={end.isPending}
          onClick={() => (isOver ? close() : end.mutate())}
        >
          {isOver ? "Close" : "End"} {name}
        </Button>
      </Group>
    </div>
  );
}
