import { dataAccessText, LIMIT_KINDS, leftFileText, limitText, type WorkspaceView } from "@guise/contract";
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle, IconDatabaseExclamation, IconDatabaseOff, IconDoorOff, IconFileAlert } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { IdleNotice } from "./idle-notice.tsx";

/** What its person should know of a workspace in use. */
export function WorkspaceWarnings({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent, live } = useSession();
  const keep = useMutation({
    mutationFn: async () => (await agent.workspaceById(workspace.workspace_id)).keep(),
    onSuccess: (view) => live.note(view),
  });
  const { idle, home, outdated, limits_hit, left_files, shut, data_access = [] } = workspace;
  const ended = data_access.filter(({ state }) => state === "ended");
  const newest = limits_hit?.[0];
  const [read, setRead] = useState("");
  return (
    <>
      {shut !== undefined && (
        <Alert color="red" icon={<IconDoorOff />} title="Nobody can enter it" role="status">
          {visibleText(shut.why)}
        </Alert>
      )}
      {idle !== undefined && <IdleNotice workspace={workspace} idle={idle} keeping={keep.isPending} keep={() => keep.mutate()} />}
      {keep.isError && <ErrorNotice error={keep.error} what="It was not kept" />}
      {home !== undefined && home.state !== "roomy" && (
        <Alert
          color={home.state === "full" ? "red" : "yellow"}
          icon={<IconDatabaseExclamation />}
          title={home.state === "full" ? "Its home is full" : "Its home is nearly full"}
          role="status"
        >
          {visibleText(home.why)}
        </Alert>
      )}
      {ended.length > 0 && (
        <Alert color="yellow" icon={<IconDatabaseOff />} title="A data source is reached no more" role="status">
          {ended.map(({ source, access, state }) => (
            <Text key={source} size="sm">
              {visibleText(dataAccessText(source, access, state))}
            </Text>
          ))}
        </Alert>
      )}
      {left_files !== undefined && (
        <Alert color="yellow" icon={<IconFileAlert />} title="Not all of the persona's configuration is set" role="status">
          {left_files.map((file) => (
            <Text key={file.path} size="sm">
              {visibleText(leftFileText(file))}
            </Text>
          ))}
        </Alert>
      )}
      {newest !== undefined && newest.at !== read && (
        <Alert
          color={newest.limit === "memory" ? "red" : "yellow"}
          icon={<IconAlertTriangle />}
          title={LIMIT_KINDS[newest.limit].meaning}
          role="status"
          withCloseButton
          closeButtonLabel="I have read it"
          onClose={() => setRead(newest.at)}
        >
          {visibleText(limitText(newest))}
        </Alert>
      )}
      {outdated !== undefined && (
        <Text size="sm" c="dimmed">
          Newer packages are there: paused and resumed, it gets them.
        </Text>
      )}
    </>
  );
}
