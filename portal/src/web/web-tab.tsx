import type { LaunchView } from "@guise/contract";
import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { letIn, OPEN_PATH, openWindow } from "./application-window.ts";
import styles from "./web-tab.module.css";

/** Ms after which an application's page that has not asked to be let in is taken for one that this browser does not reach. */
const REACHED_WITHIN = 10_000;
/** A page that is there and does not ask so many ms later is the browser's own, of a fault: a network that just changed, say. It is asked for anew. */
const ASKS_WITHIN = 1_500;
const MOST_TRIES = 5;
/** What a page of an application may do beside running at its own origin; to leave its frame is not among it. */
const MAY =
  "allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox allow-pointer-lock allow-presentation";

interface WebTabProps {
  readonly launch: LaunchView;
  readonly name: string;
  readonly origin: string;
  readonly close: () => void;
}

/** A web application in a frame at its own origin. Closing the tab leaves it running. */
export default function WebTab({ launch, name, origin, close }: WebTabProps) {
  const { agent } = useSession();
  const frame = useRef<HTMLIFrameElement>(null);
  const [reached, setReached] = useState<"not yet" | "asked" | "late">("not yet");
  const [error, setError] = useState<unknown>();
  const [again, setAgain] = useState<() => void>();
  const [tries, setTries] = useState(1);
  const silent = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { workspace_id: workspace, launch_id, state } = launch;
  const runs = state === "running";
  useEffect(() => {
    if (!runs) return;
    const late = setTimeout(() => setReached((before) => (before === "asked" ? before : "late")), REACHED_WITHIN);
    const end = letIn(agent, { workspace, launch: launch_id, origin }, () => frame.current?.contentWindow ?? null, {
      done(wrong) {
        clearTimeout(silent.current);
        setReached("asked");
        setError(wrong);
      },
      again: (give) => setAgain(() => give),
    });
    return () => {
      clearTimeout(late);
      clearTimeout(silent.current);
      end();
    };
  }, [agent, workspace, launch_id, origin, runs]);
  const loaded = () => {
    if (reached === "asked" || tries === MOST_TRIES) return;
    clearTimeout(silent.current);
    silent.current = setTimeout(() => setTries(tries + 1), ASKS_WITHIN);
  };
  const end = useMutation({ mutationFn: async () => (await agent.workspaceById(workspace)).stopLaunch(launch_id), onSuccess: close });
  const isOver = state !== "running" && state !== "starting";
  return (
    <div className={styles.frame}>
      <div role="status" aria-live="polite">
        {state === "starting" && (
          <Group gap="xs">
            <Loader size="xs" role="img" aria-label="Starting" />
            <Text size="sm">{name} is starting …</Text>
          </Group>
        )}
        {isOver && (
          <Alert color="gray" title={`${name} has ended`} p="xs">
            {launch.said === undefined ? "Open it again from the list of applications." : visibleText(launch.said)}
          </Alert>
        )}
        {runs && again !== undefined && (
          <Alert color="yellow" title={`${name} asks to be opened once more`} p="xs">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                setAgain(undefined);
                again();
              }}
            >
              Open it
            </Button>
          </Alert>
        )}
        {runs && reached === "late" && <Unreached name={name} origin={origin} launch={launch} />}
      </div>
      {error !== undefined && <ErrorNotice error={error} what={`${name} was not opened`} />}
      {end.isError && <ErrorNotice error={end.error} what={`${name} was not ended`} />}
      {runs ? (
        <iframe
          key={tries}
          ref={frame}
          onLoad={loaded}
          title={name}
          className={styles.page}
          src={`${origin}${OPEN_PATH}`}
          sandbox={MAY}
          allow="clipboard-read; clipboard-write; fullscreen"
          referrerPolicy="no-referrer"
        />
      ) : (
        <div style={{ flex: 1 }} />
      )}
      <Group justify="space-between" gap="xs">
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          c="var(--mantine-color-text)"
          disabled={!runs}
          leftSection={<IconExternalLink size={14} />}
          onClick={() => openWindow(agent, { workspace, launch: launch_id, origin }, setError)}
        >
          In a window of its own
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          c="var(--mantine-color-text)"
          loading={end.isPending}
          onClick={() => (isOver ? close() : end.mutate())}
        >
          {isOver ? "Close" : "End"} {name}
        </Button>
      </Group>
    </div>
  );
}

function Unreached({ name, origin, launch }: Pick<WebTabProps, "name" | "origin" | "launch">) {
  return (
    <Alert color="yellow" title={`This browser does not reach ${name}`} p="xs">
      <Text size="sm">It opens at {new URL(origin).host}. Where that name leads nowhere, the command opens it over a way of its own:</Text>
      <CommandHint command={`guise launch ${launch.workspace_id} ${launch.application}`} />
    </Alert>
  );
}
