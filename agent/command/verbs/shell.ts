import { inThisTerminal } from "../terminal-session.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice } from "../verb.ts";

export const shell: Verb = (program, app) => {
  withChoice(program.command("shell <persona>"))
    .summary("a shell in a workspace, in this terminal")
    .description("Opens a login shell. Its exit code passes through. Without a terminal, use: guise exec")
    .action(async (persona: string, options: ChoiceOptions) => {
      if (app.context.stdin.isTTY !== true) throw new UsageError("there is no terminal", `guise exec ${persona} -- COMMAND`);
      const agent = await app.connect();
      const workspace = await app.awakeWorkspace(agent, persona, options);
      app.exitCode = await inThisTerminal(app.context, (terminal, ...told) => workspace.execStream({ terminal }, ...told));
    });
};
