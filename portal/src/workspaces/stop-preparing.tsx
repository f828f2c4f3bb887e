import type { WorkspaceView } from "@guise/contract";
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerStop } from "@tabler/icons-react";
import { useEffect } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { useAct } from "./use-act.ts";
import { whatStopDoes } from "./what-stop-does.ts";
import { workspaceTitle } from "./workspace-links.tsx";

/** Calls off what is being prepared; says first what becomes of it. */
export function StopPreparing({ workspace }: { readonly workspace: WorkspaceView }) {
  const [asks, { open, close }] = useDisclosure(false);
  const act = useAct(workspace);
  const { workspace_id, state, desired } = workspace;
  const stop = whatStopDoes(workspace);
  // It may be ready before it is stopped, and is then nothing that is prepared.
  const isUnderWay = (state === "queued" || state === "provisioning") && desired === "ready";
  useEffect(() => {
    if (!isUnderWay) close();
  }, [isUnderWay, close]);
  if (!isUnderWay) return <Text role="status">It is being stopped.</Text>;
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={open}>
        Stop
      </Button>
      {asks && (
        <Dialog title={`Stop preparing ${workspaceTitle(workspace)}`} close={close}>
          {stop.says.map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
          {act.isError && <ErrorNotice error={act.error} what="It was not stopped" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Go on preparing
            </Button>
            <Button loading={act.isPending} onClick={() => act.mutate({ act: stop.act }, { onSuccess: close })} data-autofocus>
              Stop
            </Button>
          </Group>
          <CommandHint command={`${stop.act} ${workspace_id}`} />
        </Dialog>
      )}
    </>
  );
}
