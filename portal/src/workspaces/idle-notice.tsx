import { formatDuration, USES, type WorkspaceView } from "@guise/contract";
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconClockPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNow } from "../kit/use-now.ts";
import { useSession } from "../session/session.ts";

interface IdleNoticeProps {
  readonly workspace: WorkspaceView;
  readonly idle: NonNullable<WorkspaceView["idle"]>;
  readonly keeping: boolean;
  keep(): void;
}

/** Use is not told as it happens; while the page is looked at it is asked for so often, ms. */
const ASK_EACH = 30_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** How it was used last and when it is paused: a line, and a warning when that is near. */
export function IdleNotice({ workspace, idle, keeping, keep }: IdleNoticeProps) {
  useFreshIdleness(workspace);
  const now = useNow(1_000);
  const left = Math.max(0, Math.round((Date.parse(idle.suspends_at) - now) / 1000));
  if (!idle.warned) {
    return (
      <Text size="sm" c="dimmed">
        {usedText(idle)}
      </Text>
    );
  }
  return (
    <Alert color="yellow" icon={<IconClockPause />} title={`It is paused in ${minutes(left)}, because nobody uses it`} role="status">
      <Group gap="sm">
        <Text size="sm">{usedText(idle)}</Text>
        <Button size="xs" variant="default" loading={keeping} onClick={keep}>
          Keep it
        </Button>
      </Group>
    </Alert>
  );
}

function useFreshIdleness({ workspace_id }: WorkspaceView): void {
  const { agent, live } = useSession();
  useQuery({
    queryKey: ["idle", workspace_id],
    refetchInterval: ASK_EACH,
    queryFn: async () => {
      const { view } = await agent.workspaceById(workspace_id);
      live.note(view);
      return view.idle ?? null;
    },
  });
}

/** "Last use 3 min ago: something was typed or sent into it. Paused at 14:05 unless it is used." */
function usedText({ uses, suspends_at }: IdleNoticeProps["idle"]): string {
  const last = uses[0];
  if (last === undefined) return "";
  if (last.ago === 0) return `In use: ${USES[last.use]}.`;
  return `Last use ${formatDuration(last.ago * 1000)} ago: ${USES[last.use]}. Paused at ${clock.format(new Date(suspends_at))} unless it is used.`;
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
