import type { WorkspaceView } from "@guise/contract";
import { useMutation } from "@tanstack/react-query";
import { useSession } from "../session/session.ts";

type Act = "suspend" | "resume" | "retry" | "release";

/** Says what is wanted; what comes of it is told live. */
export function useAct(workspace: WorkspaceView) {
  const { agent, live } = useSession();
  return useMutation({
    mutationFn: async ({ act, withHome }: { readonly act: Act; readonly withHome?: boolean }) => {
      const held = await agent.workspaceById(workspace.workspace_id);
      return held.ask(act, withHome === undefined ? {} : { withHome });
    },
    onSuccess: (view) => live.note(view),
  });
}
