import { kindFacts, type LaunchView } from "@guise/contract";
import type { PersonaAgent, Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { isInteractive } from "../context.ts";
import { collectCommand, openCommand, openScreen, openTerminal, openWeb } from "../open-launches.ts";
import { portNumber } from "../port-number.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

interface LaunchOptions extends ChoiceOptions {
  readonly port: number;
}

export const launch: Verb = (program, app) => {
  withJson(
    withChoice(program.command("launch <persona> <application> [arguments...]")),
    "print the launch and open nothing; of a command, its output and exit code",
  )
    .summary("open an application of a workspace")
    .description(
      "A terminal application opens in this terminal. A command's output and exit code pass through. A web application gets an address\n" +
        "on this machine and a link that opens once; it stays until Ctrl-C, or until the application or its workspace has ended for good: resumed\n" +
        "after a pause, it is there again. A desktop application is shown in the portal, to which a link is printed. One that runs already is\n" +
        "opened again, unless arguments are given.",
    )
    .option("--port <port>", "the local port for a web application; any free one", portNumber, 0)
    .addHelpText(
      "after",
      "\nExamples:\n  guise launch data-analyst jupyterlab\n  guise launch data-analyst sqlite3 /data/sample-sales/sales.sqlite",
    )
    .action(async (persona: string, application: string, args: string[], options: LaunchOptions) => {
      const agent = await app.connect();
      const workspace = await app.awakeWorkspace(agent, persona, options);
      if (options.json !== true && !isInteractive(app.context)) checkTerminal(workspace, application);
      const launched = await launchOf(app, workspace, application, args);
      if (options.json === true) await describe(app, workspace, launched);
      else app.exitCode = await openedBy(app, agent, workspace, launched, options.port);
    });
};

/** Its screen would go into a pipe, and wait for keys that nobody can press. */
function checkTerminal({ view }: Workspace, application: string): void {
  if (view.applications.find((one) => one.application === application)?.kind !== "terminal") return;
  throw new UsageError(
    `${application} needs a terminal, and there is none here`,
    `guise exec ${view.workspace_id} COMMAND, for a program without its screen`,
  );
}

/** One document. A command runs to its end, for nobody else could join it later: its output and exit code are in it. */
async function describe(app: App, workspace: Workspace, launched: LaunchView): Promise<void> {
  if (kindFacts(launched.kind).runsAs !== undefined) return app.output.json(await workspace.started(launched));
  const result = await collectCommand(app, workspace, launched);
  app.output.json({ ...launched, state: "exited", ...result });
  app.exitCode = result.exit;
}

/** A web or terminal application that runs already is the one that is meant. */
async function launchOf(app: App, workspace: Workspace, application: string, args: readonly string[]): Promise<LaunchView> {
  const running = workspace.view.launches.find(
    (one) =>
      one.application === application && kindFacts(one.kind).runsAs !== undefined && (one.state === "running" || one.state === "starting"),
  );
  if (running !== undefined && args.length === 0) return running;
  const { columns, rows } = app.context.stdout;
  const size =
    columns === undefined || rows === undefined || columns < 1 || rows < 1
      ? {}
      : { columns: Math.min(1000, columns), rows: Math.min(1000, rows) };
  return workspace.launch(application, { ...size, ...(args.length === 0 ? {} : { arguments: [...args] }) });
}

async function openedBy(app: App, agent: PersonaAgent, workspace: Workspace, launched: LaunchView, port: number): Promise<number> {
  switch (kindFacts(launched.kind).joinedBy) {
    case "terminal":
      return openTerminal(app, workspace, launched);
    case "foreground":
      return openCommand(app, workspace, launched);
    case "connection":
      return openWeb(app, agent, workspace, [launched], port);
    case "screen":
      return openScreen(app, agent, workspace, launched);
  }
}
