import { WORKSPACE_ID_PATTERN, type WorkspaceView } from "@guise/contract";
import { AgentError, hasCode, type PersonaAgent, type Workspace } from "../sdk/index.ts";

/** How the command line says which of several workspaces. */
export interface WorkspaceOptions {
  readonly environment?: string;
  readonly name?: string;
}

/** The shape of the ids that Guise gives. */
export function isWorkspaceId(text: string): boolean {
  return WORKSPACE_ID_PATTERN.test(text);
}

/** What `guise ps` shows of a workspace stands for it: its id, its persona, or its name. A persona comes before a name that is called like it. */
export async function heldWorkspace(agent: PersonaAgent, shown: string, options: WorkspaceOptions): Promise<Workspace> {
  if (isWorkspaceId(shown)) return agent.workspaceById(shown);
  try {
    return await agent.workspace(shown, options);
  } catch (error) {
    if (!hasCode(error, "not_found") || options.name !== undefined) throw error;
    const named = namedLike(await agent.workspaces(), shown, options);
    const [only, ...others] = named;
    if (only === undefined) throw error;
    if (others.length > 0) throw severalNamed(shown, named);
    return agent.workspaceById(only.workspace_id);
  }
}

/** Those of that name. Pure. */
export function namedLike(views: readonly WorkspaceView[], name: string, { environment }: WorkspaceOptions): readonly WorkspaceView[] {
  return views.filter((view) => view.name === name && view.environment === (environment ?? view.environment));
}

function severalNamed(name: string, views: readonly WorkspaceView[]): AgentError {
  return new AgentError("ambiguous", `You hold ${views.length} workspaces of the name ${name}.`, { facts: { candidates: views } });
}
