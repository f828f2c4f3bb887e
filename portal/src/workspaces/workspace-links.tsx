import type { WorkspaceView } from "@guise/contract";
import { IconTerminal2 } from "@tabler/icons-react";
import { PageLink } from "../kit/links.tsx";
import { stateWord } from "../kit/state-badge.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";

const workspacesOf = ({ workspaces }: LivePicture) => workspaces;

/** What the person holds, the oldest first. */
export function useHeldWorkspaces(): readonly WorkspaceView[] | undefined {
  const all = useLive(useSession().live, workspacesOf);
  if (all === undefined) return undefined;
  return [...all.values()].filter(({ state }) => state !== "released").sort((a, b) => (a.requested_at < b.requested_at ? -1 : 1));
}

/** "Data Analyst", "Data Analyst · staging", "Data Analyst · second": as much as tells it from others. */
export function workspaceTitle({ persona_name, name }: WorkspaceView): string {
  return name === "main" ? visibleText(persona_name) : `${visibleText(persona_name)} · ${name}`;
}

export function WorkspaceLinks() {
  const held = useHeldWorkspaces();
  return (held ?? []).map((workspace) => (
    <PageLink
      key={workspace.workspace_id}
      to="/workspaces/$workspace"
      params={{ workspace: workspace.workspace_id }}
      label={workspaceTitle(workspace)}
      description={`${workspace.environment} · ${stateWord(workspace.state)}`}
      leftSection={<IconTerminal2 size={16} />}
      styles={{ description: { color: "var(--mantine-color-text)" } }}
    />
  ));
}
