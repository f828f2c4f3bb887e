import { EXIT_CODES, PRIORITY_NAMES } from "@guise/contract";
import { Option } from "commander";
import { opened } from "../open-launches.ts";
import { printReady, type RequestedOptions, requested } from "../requesting.ts";
import { collected, type Verb, withJson } from "../verb.ts";

interface RequestCommandOptions extends RequestedOptions {
  readonly launch: boolean;
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
      const workspace = await requested(app, agent, persona, options);
      if (options.json === true) return app.output.jsonLine(workspace.view);
      printReady(app, workspace);
      const { priority } = workspace.view;
      if (options.priority !== undefined && options.priority !== priority)
        app.output.note(`it was held already, with priority ${priority}: --priority is for a new workspace`);
      if (options.launch) app.exitCode = await opened(app, agent, workspace);
    });
};
