import {
  DIMENSIONS,
  dataAccessText,
  estimateText,
  formatAmounts,
  formatDuration,
  leftFileText,
  limitText,
  REASONS,
  type WorkspaceState,
  type WorkspaceView,
} from "@guise/contract";
import { hasCode, type PersonaAgent } from "../../sdk/index.ts";
import { isWorkspaceId } from "../held-workspace.ts";
import { idleText, usesText } from "../idle-text.ts";
import type { Output } from "../output.ts";
import { queueLine } from "../progress-lines.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

export const why: Verb = (program, app) => {
  withJson(withChoice(program.command("why <persona>")))
    .summary("why a workspace is in its state, and how its time was spent")
    .description("Shows state, reason with its numbers, place in the queue, what it holds, the time of each phase, and what runs.")
    .action(async (persona: string, options: ChoiceOptions) => {
      const agent = await app.connect();
      const { view } = await app.workspace(agent, persona, options).catch((error: unknown) => lastHeld(agent, persona, options, error));
      if (options.json === true) app.output.json(view);
      else explain(app.output, view);
    });
};

const NO_IDLE_TIME = "its persona sets no time after which one that nobody uses is suspended";

/** The home's storage alone is held by what is suspended. */
const HOLDING: ReadonlySet<WorkspaceState> = new Set(["provisioning", "ready", "suspending", "failing", "releasing"]);

/** Of what was given back, or ended, the last one. */
async function lastHeld(
  agent: PersonaAgent,
  persona: string,
  { environment, name }: ChoiceOptions,
  error: unknown,
): Promise<{ view: WorkspaceView }> {
  if (!hasCode(error, "not_found") || isWorkspaceId(persona)) throw error;
  const held = (await agent.workspaces({ released: true })).filter(
    (view) =>
      (view.persona_id === persona || view.name === persona) &&
      view.environment === (environment ?? view.environment) &&
      view.name === (name ?? view.name),
  );
  const view = held.at(-1);
  if (view === undefined) throw error;
  return { view };
}

function explain(output: Output, view: WorkspaceView): void {
  const fact = (name: string, value: string | undefined) =>
    value !== undefined && value !== "" && output.line(`${name.padEnd(12)} ${value}`);
  fact("workspace", view.workspace_id);
  fact("persona", `${view.persona_name} (${view.persona_id}, ${view.draft === true ? "draft" : "version"} ${view.version})`);
  fact("retired", view.retired === true ? "nobody can request its persona any more; this one goes on until you give it back" : undefined);
  fact("environment", `${view.environment}, name ${view.name}`);
  fact("state", view.state);
  fact("reason", view.reason === undefined && view.message === undefined ? undefined : queueLine(view));
  fact("meaning", Object.entries(REASONS).find(([reason]) => reason === view.reason)?.[1]);
  if (view.estimate !== undefined) fact("ready in", `${estimateText(view.estimate)}, judged by ${runsText(view.estimate.from)}`);
  fact("priority", view.priority);
  fact(HOLDING.has(view.state) ? "holds" : view.state === "queued" ? "asks for" : "asked for", formatAmounts(view.demand));
  if (view.state === "ready" && DIMENSIONS.some((dimension) => view.limits[dimension] > view.demand[dimension]))
    fact("at most", formatAmounts(view.limits));
  fact("entry", view.shut === undefined ? undefined : `${view.shut.why} (since ${view.shut.since})`);
  for (const { source, access, state } of view.data_access ?? []) fact("data", dataAccessText(source, access, state));
  fact("home", view.home?.why);
  for (const file of view.left_files ?? []) fact("left", leftFileText(file));
  for (const note of view.limits_hit ?? []) fact("limit hit", limitText(note));
  fact(
    "outdated",
    view.outdated === undefined
      ? undefined
      : `it runs on image revision ${view.outdated.revision}; suspended and resumed it gets ${view.outdated.newest}, with fresher packages`,
  );
  fact("node", view.node);
  fact(
    "parameters",
    Object.entries(view.parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(", "),
  );
  fact("phases", view.phases.map(({ phase, took }) => `${phase.replaceAll("_", " ")} ${formatDuration(took)}`).join(", "));
  fact("applications", view.applications.map(({ application, kind }) => `${application} (${kind})`).join(", "));
  fact(
    "launched",
    view.launches.map(({ application, state, exit }) => `${application} ${state}${exit === undefined ? "" : ` ${exit}`}`).join(", "),
  );
  for (const { application, said } of view.launches) if (said !== undefined) fact("", `${application} said: ${said}`);
  if (view.state === "ready") fact("idle", view.idle === undefined ? NO_IDLE_TIME : idleText(view.idle));
  if (view.idle !== undefined) fact("uses", usesText(view.idle));
  fact("until", view.expires_at);
}

function runsText(count: number): string {
  return count === 1 ? "1 earlier run" : `${count} earlier runs`;
}
