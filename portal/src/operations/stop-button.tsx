import type { WorkspaceView } from "@guise/contract";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ButtonLink } from "../kit/links.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { StopDialog } from "./stop-dialog.tsx";
import { stopsOf } from "./stops.ts";

/** Offers what may be done with somebody's workspace, where anything may. */
export function StopButton({ workspace }: { readonly workspace: WorkspaceView }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { account } = useSession().agent.me;
  const stops = stopsOf(workspace);
  if (workspace.owner === account && workspace.state !== "released") return <Own workspace={workspace} />;
  if (stops.length === 0) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={open}
        aria-label={`Stop ${visibleText(workspace.persona_name)} of ${visibleText(workspace.owner)}`}
      >
        Stop …
      </Button>
      {opened && <StopDialog workspace={workspace} stops={stops} close={close} />}
    </>
  );
}

/** One's own is stopped where one works in it, and nobody asks why. */
function Own({ workspace: { workspace_id, persona_name } }: { readonly workspace: WorkspaceView }) {
  return (
    <ButtonLink
      to="/workspaces/$workspace"
      params={{ workspace: workspace_id }}
      variant="default"
      size="xs"
      aria-label={`To your own ${visibleText(persona_name)}`}
    >
      Yours
    </ButtonLink>
  );
}
