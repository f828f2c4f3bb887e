import { REASONS, type WorkspaceView } from "@guise/contract";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useAct } from "./use-act.ts";

export function FailedPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { reason, message } = workspace;
  const act = useAct(workspace);
  return (
    <Stack gap="md" maw={720}>
      <Alert color="red" icon={<IconAlertTriangle />} title={REASONS[reason as keyof typeof REASONS] ?? "It failed."}>
        <Stack gap="xs">
          {message !== undefined && <Text size="sm">{visibleText(message)}</Text>}
          <Text size="sm">
            <b>Try:</b> again, where the cause may have passed; else give it back, and tell the persona's authors what stands here.
          </Text>
        </Stack>
      </Alert>
      {act.isError && <ErrorNotice error={act.error} what="It was not tried again" />}
      <Group>
        <Button leftSection={<IconRefresh size={16} />} loading={act.isPending} onClick={() => act.mutate({ act: "retry" })}>
          Try again
        </Button>
      </Group>
    </Stack>
  );
}
