import { resolve } from "node:path";
import { EXIT_CODES, formatDuration, PRIORITY_NAMES, parseBytes } from "@guise/contract";
import { Option } from "commander";
import { hasCode, type PersonaAgent, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { copyIn } from "../copy/copy-in.ts";
import { fetchFolder } from "../copy/copy-out.ts";
import { copyingOf } from "../copy/copying.ts";
import { quantity } from "../quantity.ts";
import { type RequestedOptions, requested } from "../requesting.ts";
import { throughPipes } from "../terminal-session.ts";
import { collected, type Verb } from "../verb.ts";

interface RunOptions extends RequestedOptions {
  readonly input: readonly string[];
  readonly output: string;
  readonly limit: number;
}

/** What the command leaves here comes back. */
const OUT = "out";

export const run: Verb = (program, app) => {
  program
    .command("run <persona> <command...>")
    .summary("request, run one command, fetch ~/out, give back; its exit code passes through")
    .description(
      "Asks for a workspace of its own, runs the command in it, fetches what the command left in ~/out, and gives the workspace back with its\n" +
        "home, whatever happened. Standard input, output and error are the command's own; so is the exit code. Made for scripts and schedules.",
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

/** In a workspace that nobody else uses, which is given back also when something goes wrong. */
async function ranAlone(app: App, agent: PersonaAgent, persona: string, command: readonly string[], options: RunOptions): Promise<number> {
  const began = performance.now();
  let held: string | undefined;
  try {
    const onAccepted = (id: string) => {
      held = id;
    };
    const workspace = await requested(app, agent, persona, { ...options, name: ownName(), onAccepted });
    app.output.status("good", "ready", `${workspace.view.persona_name} after ${formatDuration(performance.now() - began)}`);
    return await ranIn(app, workspace, command, options);
  } catch (error) {
    if (!hasCode(error, "aborted")) throw error;
    return EXIT_CODES.interrupted;
  } finally {
    if (held !== undefined) await givenBack(app, agent, persona, held);
  }
}

async function ranIn(app: App, workspace: Workspace, command: readonly string[], options: RunOptions): Promise<number> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  const copying = copyingOf(app, options.limit, stopped.signal);
  try {
    await workspace.exec(["mkdir", "-p", OUT]);
    for (const path of options.input) await copyIn(workspace, path, "~/", copying);
  } finally {
    app.output.still();
    forget();
  }
  const exit = await throughPipes(app.context, (...told) => workspace.execStream({ command }, ...told));
  await fetched(app, workspace, options);
  return exit;
}

async function fetched(app: App, workspace: Workspace, { output, limit }: RunOptions): Promise<void> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  try {
    if (!(await holdsSomething(workspace, stopped.signal))) return;
    await fetchFolder(workspace, OUT, resolve(app.context.cwd, output), copyingOf(app, limit, stopped.signal));
    app.output.note(`fetched ~/${OUT} into ${output}`);
  } catch (error) {
    // The command did away with it.
    if (!hasCode(error, "file_not_found")) throw error;
  } finally {
    app.output.still();
    forget();
  }
}

async function holdsSomething(workspace: Workspace, signal: AbortSignal): Promise<boolean> {
  try {
    return (await workspace.files.list(OUT, signal)).length > 0;
  } catch (error) {
    // More than is listed at once.
    if (hasCode(error, "file_failed")) return true;
    throw error;
  }
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
