import { AgentError } from "@guise/agent";
import type { WorkspaceView } from "@guise/contract";
import { Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { CopyButton } from "../kit/copy-button.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ButtonLink } from "../kit/links.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { StateBadge, stateWord } from "../kit/state-badge.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { FailedPanel } from "./failed-panel.tsx";
import { PausedPanel } from "./paused-panel.tsx";
import { ProgressPanel } from "./progress-panel.tsx";
import { ReadyPanel } from "./ready-panel.tsx";
import { ReceiptPanel } from "./receipt-panel.tsx";
import { warningOf } from "./warning.ts";
import { WorkspaceActs } from "./workspace-acts.tsx";
import { workspaceTitle } from "./workspace-links.tsx";

/** One workspace, whatever state it is in. */
export function WorkspacePage() {
  const { workspace: id } = useParams({ from: "/inside/workspaces/$workspace" });
  const { agent, live } = useSession();
  const known = useLive(
    live,
    useCallback(({ workspaces }: LivePicture) => workspaces?.get(id), [id]),
  );
  const told = useLive(live, isTold);
  // One that was given back earlier is not in the live picture.
  const asked = useQuery({
    queryKey: ["workspace", id],
    enabled: told && known === undefined,
    queryFn: async () => (await agent.workspaceById(id)).view,
  });
  const workspace = known ?? asked.data;
  useTabOf(workspace);
  if (workspace !== undefined) return <WorkspaceFrame key={workspace.workspace_id} workspace={workspace} />;
  if (!asked.isError) return <Awaited what="the workspace" height={280} />;
  if (asked.error instanceof AgentError && asked.error.code === "not_found") return <Absent />;
  return <ErrorNotice error={asked.error} what="The workspace could not be read" retry={() => void asked.refetch()} />;
}

/** The browser's tab tells what becomes of it, also while another is looked at. */
function useTabOf(workspace: WorkspaceView | undefined): void {
  const title = workspace === undefined ? "Workspace" : workspaceTitle(workspace);
  const warning = workspace && warningOf(workspace);
  const waits = workspace !== undefined && (workspace.state === "queued" || workspace.state === "provisioning");
  const isOrdinary = workspace === undefined || workspace.state === "ready";
  usePageTitle(
    title,
    warning !== undefined ? "warning" : waits ? "waiting" : undefined,
    warning ?? (isOrdinary ? undefined : stateWord(workspace.state)),
  );
}

const isTold = ({ workspaces }: LivePicture) => workspaces !== undefined;

function Absent() {
  return (
    <Stack gap="xs">
      <Title order={1} size="h3">
        There is no such workspace, or it is not yours
      </Title>
      <Group>
        <ButtonLink to="/" variant="default">
          To your personas
        </ButtonLink>
      </Group>
    </Stack>
  );
}

function WorkspaceFrame({ workspace }: { readonly workspace: WorkspaceView }) {
  const { workspace_id, environment, state, parameters } = workspace;
  const given = Object.entries(parameters);
  return (
    <Stack gap="sm" h="100%">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} miw={0} style={{ flex: "1 1 260px" }}>
          <Group gap="sm" wrap="nowrap">
            <Title order={1} size="h3" className="cut">
              {workspaceTitle(workspace)}
            </Title>
            <StateBadge state={state} />
          </Group>
          <Text size="sm" c="dimmed">
            {environment}
            {given.map(([name, value]) => ` · ${name} ${visibleText(String(value))}`)}
            {" · "}
            <span style={{ whiteSpace: "nowrap" }}>
              {workspace_id} <CopyButton text={workspace_id} what="the id" />
            </span>
          </Text>
        </Stack>
        <WorkspaceActs workspace={workspace} />
      </Group>
      <Body workspace={workspace} />
    </Stack>
  );
}

function Body({ workspace }: { readonly workspace: WorkspaceView }) {
  switch (workspace.state) {
    case "ready":
      return <ReadyPanel workspace={workspace} />;
    case "suspended":
      return <PausedPanel workspace={workspace} />;
    case "failed":
      return <FailedPanel workspace={workspace} />;
    case "released":
      return <ReceiptPanel workspace={workspace} />;
    default:
      return <ProgressPanel workspace={workspace} />;
  }
}
