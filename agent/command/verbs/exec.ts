import { inThisTerminal, throughPipes } from "../terminal-session.ts";
import { type ChoiceOptions, type Verb, withChoice } from "../verb.ts";

interface ExecOptions extends ChoiceOptions {
  readonly tty?: boolean;
}

export const exec: Verb = (program, app) => {
  withChoice(program.command("exec <persona> <command...>"))
    .summary("run a command in a workspace; its exit code passes through")
    .description(
      "Runs a command, not shell text; its options are its own. Standard input, output and error are the command's own; so is the exit code.",
    )
    .option("-t, --tty", "give the command a terminal")
    .addHelpText(
      "after",
      "\nExamples:\n  guise exec data-analyst psql -c 'select 1'\n  guise exec data-analyst -e staging tee notes.txt < notes.txt",
    )
    .action(async (persona: string, command: string[], options: ExecOptions) => {
      const agent = await app.connect();
      const workspace = await app.workspace(agent, persona, options);
      app.exitCode =
        options.tty === true
          ? await inThisTerminal(app.context, (terminal, ...told) => workspace.execStream({ command, terminal }, ...told))
          : await throughPipes(app.context, (...told) => workspace.execStream({ command }, ...told));
    });
};
