import type { LaunchView } from "@guise/contract";
import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { OriginFrame } from "./origin-frame.tsx";

interface WebTabProps {
  readonly launch: LaunchView;
  readonly name: string;
  readonly origin: string;
  readonly close: () => void;
}

/** A launched web application. Closing the tab leaves it running. */
export default function WebTab({ launch, name, origin, close }: WebTabProps) {
  const { agent } = useSession();
  const { workspace_id: workspace, launch_id, application, state, said } = launch;
  const shown = useMemo(() => {
    const ticketFor = async (challenge: string) => (await (await agent.workspaceById(workspace)).ticket(launch_id, challenge)).ticket;
    return { origin, ticketFor };
  }, [agent, workspace, launch_id, origin]);
  const end = useMutation({ mutationFn: async () => (await agent.workspaceById(workspace)).stopLaunch(launch_id), onSuccess: close });
  const isOver = state !== "running" && state !== "starting";
  const notice = (
    <>
      {state === "starting" && (
        <Group gap="xs">
          <Loader size="xs" role="img" aria-label="Starting" />
          <Text size="sm">{name} is starting …</Text>
        </Group>
      )}
      {isOver && (
        <Alert color="gray" title={`${name} has ended`} p="xs">
          {said === undefined ? "Open it again from the list of applications." : visibleText(said)}
        </Alert>
      )}
      {end.isError && <ErrorNotice error={end.error} what={`${name} was not ended`} />}
    </>
  );
  const acts = (
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
  );
  const command = `launch ${workspace} ${application}`;
  return <OriginFrame name={name} shown={shown} runs={state === "running"} command={command} notice={notice} acts={acts} />;
}
