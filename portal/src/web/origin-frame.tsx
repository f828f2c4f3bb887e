import { Alert, Button, Group, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { letIn, OPEN_PATH, openWindow, type ShownOrigin } from "./application-window.ts";
import styles from "./origin-frame.module.css";

/** Ms after which a page that has not asked to be let in is taken for one that this browser does not reach. */
const REACHED_WITHIN = 10_000;
/** A page that is there and does not ask so many ms later is the browser's own, of a fault: a network that just changed, say. It is asked for anew. */
const ASKS_WITHIN = 1_500;
const MOST_TRIES = 5;
/** What a page of an application may do beside running at its own origin; to leave its frame is not among it. */
const MAY =
  "allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox allow-pointer-lock allow-presentation";

interface OriginFrameProps {
  readonly name: string;
  readonly shown: ShownOrigin;
  /** Whether there is something to show. */
  readonly runs: boolean;
  /** Another way to it, where this browser does not reach its origin. */
  readonly command: string;
  /** What stands above and below. */
  readonly notice: ReactNode;
  readonly acts: ReactNode;
}

/** What runs inside at its own origin, in a frame that fills the tab, or in a window of its own. `shown` is one and the same while it is shown. */
export function OriginFrame({ name, shown, runs, command, notice, acts }: OriginFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [reached, setReached] = useState<"not yet" | "asked" | "late">("not yet");
  const [error, setError] = useState<unknown>();
  const [again, setAgain] = useState<() => void>();
  const [tries, setTries] = useState(1);
  const silent = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (!runs) return;
    const late = setTimeout(() => setReached((before) => (before === "asked" ? before : "late")), REACHED_WITHIN);
    const end = letIn(shown, () => frame.current?.contentWindow ?? null, {
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
  }, [shown, runs]);
  const loaded = () => {
    if (reached === "asked" || tries === MOST_TRIES) return;
    clearTimeout(silent.current);
    silent.current = setTimeout(() => setTries(tries + 1), ASKS_WITHIN);
  };
  return (
    <div className={styles.frame}>
      <div role="status" aria-live="polite">
        {notice}
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
        {runs && reached === "late" && (
          <Alert color="yellow" title={`This browser does not reach ${name}`} p="xs">
            <Text size="sm">
              It opens at {new URL(shown.origin).host}. Where that name leads nowhere, the command opens it over a way of its own:
            </Text>
            <CommandHint command={command} />
          </Alert>
        )}
      </div>
      {error !== undefined && <ErrorNotice error={error} what={`${name} was not opened`} />}
      {runs ? (
        <iframe
          key={tries}
          ref={frame}
          onLoad={loaded}
          title={name}
          className={styles.page}
          src={`${shown.origin}${OPEN_PATH}`}
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
          onClick={() => openWindow(shown, setError)}
        >
          In a window of its own
        </Button>
        {acts}
      </Group>
    </div>
  );
}
