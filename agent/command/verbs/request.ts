import { EXIT_CODES, formatDuration, type ParameterValues, PRIORITY_NAMES, type Priority } from "@guise/contract";
import { Option } from "commander";
import { AgentError, hasCode, type PersonaAgent, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { isInteractive } from "../context.ts";
import { openTerminal, openWeb } from "../open-launches.ts";
import { typedParameters } from "../parameters.ts";
import { progressLines } from "../progress-lines.ts";
import { collected, type Verb, withJson } from "../verb.ts";

interface RequestCommandOptions {
  readonly environment?: string;
  readonly name?: string;
  readonly param: readonly string[];
  readonly priority?: Priority;
  readonly wait: boolean;
  readonly launch: boolean;
  readonly json?: boolean;
}

export const request: Verb = (program, app) => {
  withJson(program.command("request <persona>"), "print events one a line, the workspace last; opens nothing")
    .summary("ask for a persona, and wait until it is ready")
    .description(
      "Asks for a persona. If you hold its workspace already, you get that one. When it is ready, what the persona launches is opened:\n" +
        "web applications at an address of this machine, a terminal application in this terminal.",
    )
    .option("-e, --environment <name>", "the environment, such as staging")
    .option("-n, --name <name>", "asks for another workspace beside the first")
    .option("-p, --param <name=value>", "a parameter of the persona; may be repeated", collected, [])
    .addOption(new Option("--priority <class>", "lower than the persona's, or higher up to your grant").choices(PRIORITY_NAMES))
    .option("--no-wait", `do not queue: exit with ${EXIT_CODES.insufficient_resources} when there is no room now`)
    .option("--no-launch", "open nothing")
    .addHelpText("after", "\nExamples:\n  guise request data-analyst\n  guise request data-analyst -e staging -p region=UK --no-launch")
    .action(async (persona: string, options: RequestCommandOptions) => {
      const agent = await app.connect();
      const workspace = await requested(app, agent, persona, options).catch((error: unknown) => {
        if (!hasCode(error, "not_found")) throw error;
        throw new AgentError("not_found", `There is no persona ${persona} that you may request.`, {
          remedy: "List them: guise persona list",
        });
      });
      if (options.json === true) return app.output.jsonLine(workspace.view);
      printReady(app, workspace);
      const { priority } = workspace.view;
      if (options.priority !== undefined && options.priority !== priority)
        app.output.note(`it was held already, with priority ${priority}: --priority is for a new workspace`);
      if (options.launch) app.exitCode = await opened(app, agent, workspace);
    });
};

async function requested(app: App, agent: PersonaAgent, persona: string, options: RequestCommandOptions): Promise<Workspace> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  const lines = progressLines(app.output);
  try {
    return await agent.requestPersona(persona, {
      environment: options.environment,
      name: options.name,
      parameters: await parametersOf(agent, persona, options.param),
      priority: options.priority,
      wait: options.wait ? undefined : false,
      signal: stopped.signal,
      onProgress: (progress) => {
        if (options.json !== true) lines(progress);
        else if (progress.kind !== "workspace") app.output.jsonLine(progress);
      },
    });
  } catch (error) {
    if (hasCode(error, "aborted")) {
      const meant = `${persona}${chosen(options)}`;
      app.output.note(`the request goes on. Look: guise why ${meant}. Give it up: guise release ${meant}`);
    }
    throw error;
  } finally {
    app.output.still();
    forget();
  }
}

/** The same choice, for the next command line. */
function chosen({ environment, name }: RequestCommandOptions): string {
  return `${environment === undefined ? "" : ` -e ${environment}`}${name === undefined ? "" : ` -n ${name}`}`;
}

async function parametersOf(agent: PersonaAgent, persona: string, pairs: readonly string[]): Promise<ParameterValues | undefined> {
  if (pairs.length === 0) return undefined;
  return typedParameters(pairs, await declaredBy(agent, persona));
}

/** Of the version that a request gets, or will get: while the first is being built there is no latest one. */
async function declaredBy(agent: PersonaAgent, persona: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await agent.personas.version(persona)).parameters;
  } catch (error) {
    if (!hasCode(error, "persona_not_usable")) throw error;
    return (await agent.personas.versions(persona))[0]?.parameters ?? {};
  }
}

function printReady(app: App, { id, view }: Workspace): void {
  const { persona_name, environment, name, requested_at, ready_at } = view;
  const took = ready_at === undefined ? "" : ` in ${formatDuration(Math.max(0, Date.parse(ready_at) - Date.parse(requested_at)))}`;
  app.output.status("good", "ready", `${persona_name}, environment ${environment}, name ${name}${took}`);
  app.output.line(id);
}

/** Web applications share one local server; a terminal is opened when nothing else wants this one. Without a terminal it is said how to open them. */
async function opened(app: App, agent: PersonaAgent, workspace: Workspace): Promise<number> {
  const launches = await workspace.openLaunchList();
  const web = launches.filter(({ kind }) => kind === "web");
  const terminal = launches.find(({ kind }) => kind === "terminal");
  const here = isInteractive(app.context);
  const now = here ? (web.length > 0 ? web : terminal === undefined ? [] : [terminal]) : [];
  for (const launch of launches) {
    if (!now.includes(launch))
      app.output.note(`launched ${launch.application}; open it: guise launch ${workspace.id} ${launch.application}`);
  }
  if (here && web.length > 0) return openWeb(app, agent, workspace, web, 0);
  return here && terminal !== undefined ? openTerminal(app, workspace, terminal) : 0;
}
