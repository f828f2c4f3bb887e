import { openApplications } from "@guise/agent";
import type { WorkspaceView } from "@guise/contract";
import { Button, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useAct } from "./use-act.ts";
import { workspaceTitle } from "./workspace-links.tsx";

interface PauseDialogProps {
  readonly workspace: WorkspaceView;
  readonly opened: boolean;
  close(): void;
}

export function isSomethingOpen(workspace: WorkspaceView): boolean {
  const { reopened, ended } = openApplications(workspace);
  return reopened.length + ended.length > 0;
}

/** Names what is open, what ends with it and what is kept, before anything ends. */
export function PauseDialog({ workspace, opened, close }: PauseDialogProps) {
  const act = useAct(workspace);
  const { reopened, ended } = openApplications(workspace);
  const names = (list: readonly string[]) => visibleText(list.join(", "));
  // Somebody else, or idleness, may have paused it meanwhile.
  const isReady = workspace.state === "ready" && workspace.desired === "ready";
  useEffect(() => {
    if (opened && !isReady) close();
  }, [opened, isReady, close]);
  if (!opened) return undefined;
  return (
    <Dialog title={`Pause ${workspaceTitle(workspace)}`} close={close}>
      <Text>
        <b>Open:</b> {names([...reopened, ...ended])}.
      </Text>
      <Text>
        <b>Ends:</b> all of that, with what it holds in memory. Documents that are not saved are lost: save them first.
      </Text>
      <Text>
        <b>Kept:</b> the home with its files.
        {reopened.length > 0 && ` Opened again when you resume: ${names(reopened)}.`}
      </Text>
      {act.isError && <ErrorNotice error={act.error} what="It was not paused" />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          Go on using it
        </Button>
        <Button loading={act.isPending} onClick={() => act.mutate({ act: "suspend" }, { onSuccess: close })}>
          Pause
        </Button>
      </Group>
      <CommandHint command={`suspend ${workspace.workspace_id}`} />
    </Dialog>
  );
}
