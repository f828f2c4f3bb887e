import type { WorkspaceView } from "@guise/contract";
import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { isSomethingOpen, PauseDialog } from "./pause-dialog.tsx";
import { useAct } from "./use-act.ts";
import { workspaceTitle } from "./workspace-links.tsx";

/** One that prepares is stopped where its progress is told. */
const CAN_BE_GIVEN_BACK: ReadonlySet<WorkspaceView["state"]> = new Set(["ready", "suspending", "suspended", "failing", "failed"]);

export function WorkspaceActs({ workspace }: { readonly workspace: WorkspaceView }) {
  const { state, desired } = workspace;
  const act = useAct(workspace);
  const [asks, { open, close }] = useDisclosure(false);
  const [asksPause, pauseDialog] = useDisclosure(false);
  const pause = () => (isSomethingOpen(workspace) ? pauseDialog.open() : act.mutate({ act: "suspend" }));
  const isWanted = desired !== "released";
  const canPause = state === "ready" && desired === "ready";
  const canResume = (state === "suspended" || state === "suspending") && desired === "suspended";
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {canPause && (
          <Button variant="default" leftSection={<IconPlayerPause size={16} />} loading={act.isPending} onClick={pause}>
            Pause
          </Button>
        )}
        {canResume && (
          <Button leftSection={<IconPlayerPlay size={16} />} loading={act.isPending} onClick={() => act.mutate({ act: "resume" })}>
            Resume
          </Button>
        )}
        {isWanted && CAN_BE_GIVEN_BACK.has(state) && (
          <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={open}>
            Give back
          </Button>
        )}
      </Group>
      {act.isError && <ErrorNotice error={act.error} what="That was not done" />}
      <GiveBack workspace={workspace} opened={asks} close={close} />
      <PauseDialog workspace={workspace} opened={asksPause} close={pauseDialog.close} />
    </Stack>
  );
}

/** Names what is kept and what is deleted before anything is. */
function GiveBack({ workspace, opened, close }: { readonly workspace: WorkspaceView; readonly opened: boolean; close(): void }) {
  const [withHome, setWithHome] = useState(false);
  const act = useAct(workspace);
  const { keeps_home, generation, launches, workspace_id } = workspace;
  const open = launches.filter(({ state }) => state === "running" || state === "starting").length;
  const kept = keeps_home && !withHome;
  const giveBack = () => act.mutate({ act: "release", ...(keeps_home ? { withHome } : {}) }, { onSuccess: close });
  return (
    <Modal.Root opened={opened} onClose={close} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body p="md">
          <Stack gap="sm">
            <Modal.Title component="h2" fz="h4" fw={650}>
              Give {workspaceTitle(workspace)} back
            </Modal.Title>
            {generation === 0 ? (
              <Text>It has not started yet; nothing is lost.</Text>
            ) : (
              <>
                <Text>
                  <b>Deleted:</b> the sandbox{open > 0 ? ` with ${open} running application${open === 1 ? "" : "s"}` : ""}
                  {kept ? "" : ", and the home with all its files"}.
                </Text>
                <Text>
                  <b>Kept:</b> {kept ? "the home with its files; the next request finds them." : "nothing. Download first what you need."}
                </Text>
              </>
            )}
            {keeps_home && generation > 0 && (
              <Checkbox label="Delete the home too" checked={withHome} onChange={(event) => setWithHome(event.currentTarget.checked)} />
            )}
            {act.isError && <ErrorNotice error={act.error} what="It was not given back" />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Go on using it
              </Button>
              <Button color={kept ? "indigo" : "red.9"} loading={act.isPending} onClick={giveBack} data-autofocus>
                Give back
              </Button>
            </Group>
            <CommandHint command={`release ${workspace_id}${withHome ? " --with-home" : ""}`} />
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
