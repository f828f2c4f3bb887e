import type { WorkspaceView } from "@guise/contract";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { visibleText } from "../kit/visible-text.ts";
import { StopDialog } from "./stop-dialog.tsx";
import { stopsOf } from "./stops.ts";

/** Offers what may be done with somebody's workspace, where anything may. */
export function StopButton({ workspace }: { readonly workspace: WorkspaceView }) {
  const [opened, { open, close }] = useDisclosure(false);
  const stops = stopsOf(workspace);
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
