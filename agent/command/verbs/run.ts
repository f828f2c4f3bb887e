import { EXIT_CODES, formatDuration, PRIORITY_NAMES, parseBytes } from "@guise/contract";
import { Option } from "commander";
import { hasCode, type PersonaAgent, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { copyIn } from "../copy/copy-in.ts";
import { quantity } from "../quantity.ts";
import { type RequestedOptions, requested } from "../requesting.ts";
import { OUT, Results, untilInterrupted } from "../run/results.ts";
import { throughPipes } from "../terminal-session.ts";
import { UsageError } from "../usage-error.ts";
import { collected, type Verb } from "../verb.ts";

interface RunOptions extends RequestedOptions {
  readonly input: readonly string[];
  readonly output: string;
  readonly limit: number;
}

export const run: Verb = (program, app) => {
  program
    .command("run <persona> <command...>")
    .summary("request, run one command, fetch ~/out, give back; its exit code passes through")
    .description(
      "Asks for a workspace of its own, runs the command in it, fetches what the command left in ~/out, and gives the workspace back with its\n" +
        "home. Standard input, output and error are the command's own; so is the exit code. Made for scripts and schedules.\n" +
        "Where something in ~/out could not be fetched (unreadable, a link to elsewhere in the home, a full disk here, a lost connection), the\n" +
        `workspace is kept, what was left out is named with how to fetch it and give it back, and the exit code is ${EXIT_CODES.partly}; ${EXIT_CODES.interrupted} after Ctrl-C.`,
    )
    .option("-e, --environment <name>", "the environment, such as staging")
    .option("-p, --param <name=value>", "a parameter of the persona; may be repeated", collected, [])
    .option("-i, --input <path>", "a file or folder that is copied into the home first; may be repeated", collected, [])
    .option("-o, --output <folder>", "where on this machine the content of ~/out goes", OUT)
    .option("--limit <size>", "the most that is taken onto this machine", quantity(parseBytes), parseBytes("10Gi"))
    .addOption(new Option("--priority <class>", "lower than the persona's, or higher up to your grant").choices(PRIORITY_NAMES))
    .option("--no-wait", `do not queue: exit with ${EXIT_CODES.insufficient_resources} when there is no room now`)
    .addHelpText(
      "after",
      "\nExamples:\n  guise run data-analyst -i report.sql -- sh -c 'sqlite3 /data/sample-sales/sales.sqlite < report.sql > out/report.txt'\n" +
        "  guise run code-reviewer -i ./project -- ruff check project",
    )
    .action(async (persona: string, command: string[], options: RunOptions) => {
      const agent = await app.connect();
      app.exitCode = await ranAlone(app, agent, persona, command, options);
    });
};

/** In a workspace that nobody else uses. It is given back also when something goes wrong, unless it holds the only copy of the command's work. */
async function ranAlone(app: App, agent: PersonaAgent, persona: string, command: readonly string[], options: RunOptions): Promise<number> {
  const began = performance.now();
  const results = new Results(app, options);
  await results.checkTarget();
  let held: string | undefined;
  try {
    const onAccepted = (id: string) => {
      held = id;
    };
    const workspace = await requested(app, agent, persona, { ...options, name: ownName(), onAccepted });
    app.output.status("good", "ready", `${workspace.view.persona_name} after ${formatDuration(performance.now() - began)}`);
    await prepared(app, workspace, options);
    const exit = await throughPipes(app.context, async (...told) => {
      const session = await workspace.execStream({ command }, ...told);
      results.begin();
      return session;
    });
    await results.fetch(workspace);
    if (!results.areOnlyInside) return exit;
    app.output.note(`the command ended with ${exit}`);
    return EXIT_CODES.partly;
  } catch (error) {
    if (hasCode(error, "aborted")) return EXIT_CODES.interrupted;
    if (!results.areOnlyInside) throw error;
    app.fail(error);
    return EXIT_CODES.partly;
  } finally {
    if (held !== undefined && results.areOnlyInside) results.sayKept(held);
    else if (held !== undefined) await givenBack(app, agent, persona, held);
  }
}

/** The folder for results, and the inputs. */
async function prepared(app: App, workspace: Workspace, { input, limit }: RunOptions): Promise<void> {
  await untilInterrupted(app, limit, async (copying) => {
    await workspace.exec(["mkdir", "-p", OUT]);
    for (const path of input) {
      const leftOut = await copyIn(workspace, path, "~/", copying);
      // Without a part of its input the command would do something else than was meant.
      if (leftOut.some(({ kind }) => kind !== "special"))
        throw new UsageError(`${path} could not be copied whole`, "make it readable, or leave out what is not needed");
    }
  });
}

/** Not hurried by Ctrl-C: what is held is given back. */
async function givenBack(app: App, agent: PersonaAgent, persona: string, workspace: string): Promise<void> {
  const forget = app.context.onInterrupt(() => app.output.note("giving the workspace back; a moment"));
  try {
    await agent.releasePersona(persona, { workspace, withHome: true });
  } catch (error) {
    app.output.note(`the workspace could not be given back; later: guise release ${workspace} --with-home`);
    throw error;
  } finally {
    forget();
  }
}

/** Nobody else's: one's own workspaces of the persona stay as they are. */
function ownName(): string {
  return `run-${crypto.randomUUID().slice(0, 8)}`;
}
