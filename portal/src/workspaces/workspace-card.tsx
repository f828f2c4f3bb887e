import type { WorkspaceView } from "@guise/contract";
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Ago } from "../kit/ago.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ButtonLink } from "../kit/links.tsx";
import { needsText } from "../kit/needs.ts";
import { StateBadge } from "../kit/state-badge.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useAct } from "./use-act.ts";
import { workspaceTitle } from "./workspace-links.tsx";

export function WorkspaceCard({ workspace }: { readonly workspace: WorkspaceView }) {
  const { workspace_id, state, environment, requested_at, demand, message } = workspace;
  const verb = state === "ready" ? "Continue" : "Show";
  const title = `workspace-${workspace_id}`;
  const act = useAct(workspace);
  const navigate = useNavigate();
  return (
    <Card withBorder padding="md" component="article" aria-labelledby={title}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Title order={3} size="h5" id={title} className="cut">
            {workspaceTitle(workspace)}
          </Title>
          <StateBadge state={state} />
        </Group>
        <Text size="sm">
          {environment} · requested <Ago at={requested_at} />
        </Text>
        {message !== undefined && state !== "ready" && <Text size="sm">{visibleText(message)}</Text>}
        <Text size="sm" c="dimmed">
          {needsText(demand)}
        </Text>
        {act.isError && <ErrorNotice error={act.error} what="It was not resumed" />}
        <Group>
          {state === "suspended" && (
            <Button
              loading={act.isPending}
              aria-label={`Resume: ${workspaceTitle(workspace)}`}
              onClick={() =>
                act.mutate(
                  { act: "resume" },
                  { onSuccess: () => void navigate({ to: "/workspaces/$workspace", params: { workspace: workspace_id } }) },
                )
              }
            >
              Resume
            </Button>
          )}
          <ButtonLink
            to="/workspaces/$workspace"
            params={{ workspace: workspace_id }}
            variant="light"
            aria-label={`${verb}: ${workspaceTitle(workspace)}`}
          >
            {verb}
          </ButtonLink>
        </Group>
      </Stack>
    </Card>
  );
}
