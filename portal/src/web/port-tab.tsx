import { applicationOrigin, portApplication } from "@guise/contract";
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useSession } from "../session/session.ts";
import { OriginFrame } from "./origin-frame.tsx";

interface PortTabProps {
  readonly workspace: string;
  readonly port: number;
  /** As its persona calls it, or by its number. */
  readonly name: string;
  /** See `applications_origin` of who is signed in. */
  readonly pattern: string;
  readonly close: () => void;
}

/** A server that the person started inside, at its own origin. */
export default function PortTab({ workspace, port, name, pattern, close }: PortTabProps) {
  const { agent } = useSession();
  const shown = useMemo(() => {
    const ticketFor = async (challenge: string) => (await (await agent.workspaceById(workspace)).portTicket(port, challenge)).ticket;
    return { origin: applicationOrigin(pattern, portApplication(port), workspace), ticketFor };
  }, [agent, workspace, port, pattern]);
  const acts = (
    <Button variant="subtle" color="gray" size="compact-xs" c="var(--mantine-color-text)" onClick={close}>
      Close
    </Button>
  );
  return <OriginFrame name={name} shown={shown} runs command={`forward ${workspace} ${port}`} notice={undefined} acts={acts} />;
}
