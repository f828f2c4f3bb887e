import { formatBytes, REASONS, type WorkspaceView } from "@guise/contract";
import { Card, Stack, Text, Title } from "@mantine/core";
import { visibleText } from "../kit/visible-text.ts";

export function PausedPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { reason, message, demand, launches } = workspace;
  const open = launches.filter(({ state }) => state === "suspended").length;
  return (
    <Card withBorder padding="md" maw={720}>
      <Stack gap="xs">
        <Title order={2} size="h5">
          Paused: nothing of it runs
        </Title>
        <Text size="sm">{visibleText(message ?? REASONS[reason as keyof typeof REASONS] ?? "")}</Text>
        <Text size="sm">
          Its home with {formatBytes(demand.storage)} is kept. Resumed, it goes on with its files
          {open > 0 ? `, and ${open} application${open === 1 ? " is" : "s are"} opened again` : ""}.
        </Text>
      </Stack>
    </Card>
  );
}
