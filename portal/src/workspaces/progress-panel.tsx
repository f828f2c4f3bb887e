import { estimateText, formatDuration, PHASES, REASONS, type WorkspaceView } from "@guise/contract";
import { Box, Card, Group, Loader, Progress, ScrollArea, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCircleDashed } from "@tabler/icons-react";
import { useCallback } from "react";
import { useNow } from "../kit/use-now.ts";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { NO_ACTIVITY, type WorkspaceActivity } from "../live/workspace-activity.ts";
import { TellMe } from "../notices/tell-me.tsx";
import { useSession } from "../session/session.ts";
import { StopPreparing } from "./stop-preparing.tsx";

/** What is being done, phase by phase with its times; in the queue the place, the reason and the estimate. */
export function ProgressPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { live } = useSession();
  const { workspace_id: id, state, message, reason, place, estimate, phases } = workspace;
  const activity = useLive(
    live,
    useCallback(({ activity: all }: LivePicture) => all.get(id) ?? NO_ACTIVITY, [id]),
  );
  const why = message ?? REASONS[reason as keyof typeof REASONS];
  const starts = state === "queued" || state === "provisioning";
  return (
    <Stack gap="md" maw={720}>
      <div role="status" aria-live="polite">
        {state === "queued" && (
          <Card withBorder padding="md">
            <Stack gap={4}>
              <Title order={2} size="h5">
                {place === undefined ? "It waits" : `It waits: place ${place} in the queue`}
              </Title>
              {why !== undefined && <Text size="sm">{visibleText(why)}</Text>}
              <Text size="sm">{estimate === undefined ? "How long is not known yet." : `Ready in ${estimateText(estimate)}.`}</Text>
            </Stack>
          </Card>
        )}
        {state !== "queued" && why !== undefined && state !== "provisioning" && <Text>{visibleText(why)}</Text>}
      </div>
      {starts && (
        <Card withBorder padding="md">
          <Stack gap={6} component="ol" m={0} p={0} style={{ listStyle: "none" }} aria-label="Phases">
            {PHASES.map((phase) => (
              <PhaseLine key={phase} phase={phase} took={phases.find((one) => one.phase === phase)?.took} activity={activity} />
            ))}
          </Stack>
          {estimate !== undefined && state === "provisioning" && (
            <Text size="sm" c="dimmed" mt="xs">
              ready in {estimateText(estimate)}
            </Text>
          )}
        </Card>
      )}
      {starts && (
        <Group gap="sm">
          <StopPreparing workspace={workspace} />
          <TellMe workspace={id} />
        </Group>
      )}
      {activity.log.length > 0 && <LogFold lines={activity.log} />}
    </Stack>
  );
}

function PhaseLine({
  phase,
  took,
  activity,
}: {
  readonly phase: string;
  readonly took: number | undefined;
  readonly activity: WorkspaceActivity;
}) {
  const runs = activity.phase === phase && took === undefined;
  const name = phase.replaceAll("_", " ");
  return (
    <Box component="li">
      <Group gap="xs" wrap="nowrap">
        <Box w={18} h={18}>
          {took !== undefined ? (
            <IconCheck size={18} role="img" aria-label="done" />
          ) : runs ? (
            <Loader size={16} role="img" aria-label="under way" />
          ) : (
            <IconCircleDashed size={18} opacity={0.5} role="img" aria-label="to come" />
          )}
        </Box>
        <Text size="sm" w={110}>
          {name}
        </Text>
        <Text size="sm" c="dimmed" className="cut">
          {took !== undefined ? formatDuration(took) : runs ? visibleText(activity.message ?? "") : ""}
        </Text>
        {runs && activity.since !== undefined && <Running since={activity.since} />}
      </Group>
      {runs && activity.percent !== undefined && <Progress value={activity.percent} mt={4} aria-label={`Phase ${name}`} />}
    </Box>
  );
}

function Running({ since }: { readonly since: number }) {
  const now = useNow(1000);
  const passed = Math.floor((now - since) / 1000);
  return passed < 1 ? null : (
    <Text size="sm" c="dimmed">
      {passed} s
    </Text>
  );
}

function LogFold({ lines }: { readonly lines: readonly string[] }) {
  return (
    <details>
      <summary>Log, {lines.length} lines</summary>
      <ScrollArea h={260} mt="xs" viewportProps={{ tabIndex: 0, role: "log", "aria-label": "Log" }}>
        <Text component="pre" size="xs" ff="monospace" m={0}>
          {lines.map(visibleText).join("\n")}
        </Text>
      </ScrollArea>
    </details>
  );
}
