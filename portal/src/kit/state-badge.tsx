import type { WorkspaceState } from "@guise/contract";
import { Badge, Loader } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCircleCheck, IconClock, IconPlayerPause } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Look {
  readonly word: string;
  readonly color: string;
  readonly icon: ReactNode;
}

const MOVES = <Loader size={10} color="currentColor" aria-hidden="true" />;

/** Icon, word and color: never color alone. */
const LOOKS: Readonly<Record<WorkspaceState, Look>> = {
  queued: { word: "waiting", color: "yellow", icon: <IconClock size={12} /> },
  provisioning: { word: "starting", color: "blue", icon: MOVES },
  ready: { word: "ready", color: "green", icon: <IconCheck size={12} /> },
  suspending: { word: "pausing", color: "gray", icon: MOVES },
  suspended: { word: "paused", color: "gray", icon: <IconPlayerPause size={12} /> },
  failing: { word: "failing", color: "red", icon: MOVES },
  failed: { word: "failed", color: "red", icon: <IconAlertTriangle size={12} /> },
  releasing: { word: "giving back", color: "gray", icon: MOVES },
  released: { word: "given back", color: "gray", icon: <IconCircleCheck size={12} /> },
};

export function stateWord(state: WorkspaceState): string {
  return LOOKS[state].word;
}

export function StateBadge({ state }: { readonly state: WorkspaceState }) {
  const { word, color, icon } = LOOKS[state];
  return (
    <Badge variant="outline" color={color} c="var(--mantine-color-text)" leftSection={icon} tt="none" fw={500} miw="max-content">
      {word}
    </Badge>
  );
}
