import type { WorkspaceView } from "@guise/contract";
import { AgentError, type Candidate } from "./agent-error.ts";

export interface Choice {
  readonly environment?: string | undefined;
  readonly name?: string | undefined;
  /** A workspace id; decides alone. */
  readonly workspace?: string | undefined;
}

/** The one workspace that is meant. Throws AgentError `not_found` or `ambiguous` (with candidates). */
export function chooseWorkspace(views: readonly WorkspaceView[], persona_id: string, choice: Choice): WorkspaceView {
  const held = views.filter((view) => view.state !== "released");
  const matching = held.filter((view) => matches(view, persona_id, choice));
  const [only, ...others] = matching;
  if (only === undefined) throw new AgentError("not_found", `You hold no workspace of ${described(persona_id, choice)}.`);
  if (others.length > 0) {
    throw new AgentError("ambiguous", `You hold ${matching.length} workspaces of ${described(persona_id, choice)}.`, {
      facts: { candidates: matching.map(candidate) },
    });
  }
  return only;
}

function matches(view: WorkspaceView, persona_id: string, choice: Choice): boolean {
  if (choice.workspace !== undefined) return view.workspace_id === choice.workspace;
  return (
    view.persona_id === persona_id &&
    (choice.environment === undefined || view.environment === choice.environment) &&
    (choice.name === undefined || view.name === choice.name)
  );
}

function described(persona_id: string, choice: Choice): string {
  const parts = [choice.environment && `environment ${choice.environment}`, choice.name && `name ${choice.name}`].filter(Boolean);
  return choice.workspace ?? [persona_id, ...parts].join(", ");
}

function candidate(view: WorkspaceView): Candidate {
  const { workspace_id, persona_id, environment, name, state } = view;
  return { workspace_id, persona_id, environment, name, state };
}
