import type { PortView } from "@guise/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

/** Ms between two looks at what listens inside, while the page is seen. */
const LOOKS = 5_000;
const NONE: readonly PortView[] = [];

/** What the person's own programs listen on. */
export function usePorts(workspace: string, enabled = true): readonly PortView[] {
  const { agent } = useSession();
  const { data = NONE } = useQuery({
    queryKey: ["ports", workspace],
    queryFn: async () => (await agent.workspaceById(workspace)).ports(),
    enabled,
    refetchInterval: LOOKS,
    // Nothing depends on it; who waits for it looks again.
    retry: false,
  });
  return data;
}

/** How the persona calls ports; a tab keeps its name when nothing listens there any more. */
export function usePortNames(workspace: string, enabled: boolean): ReadonlyMap<number, string> {
  const ports = usePorts(workspace, enabled);
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  const told = ports.flatMap(({ port, name }) => (name === undefined || names.has(port) ? [] : [[port, visibleText(name)] as const]));
  if (told.length > 0) setNames(new Map([...names, ...told]));
  return names;
}
