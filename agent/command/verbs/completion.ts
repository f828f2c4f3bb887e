import { Argument, type Command } from "commander";
import type { PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { SHELL_SCRIPTS } from "../completion/shell-scripts.ts";
import { type Known, type Suggestion, suggestionsFor } from "../completion/suggestions.ts";
import { isWorkspaceId } from "../held-workspace.ts";
import type { Verb } from "../verb.ts";

/** Nobody waits longer than this for a key to be answered, ms. */
const PATIENCE = 1500;

export const completion: Verb = (program, app) => {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SHELL_SCRIPTS)))
    .summary("a script that lets the shell complete verbs, options, personas and applications")
    .description(
      "Prints the script. For this shell: source <(guise completion bash). For every one: guise completion bash > /etc/bash_completion.d/guise,\n" +
        "zsh: into _guise in a folder of $fpath, fish: > ~/.config/fish/completions/guise.fish",
    )
    .action((shell: keyof typeof SHELL_SCRIPTS) => app.output.lines(SHELL_SCRIPTS[shell].trimEnd()));
  program
    .command("complete [words...]", { hidden: true })
    .description("What may stand at the cursor; asked by the scripts.")
    .action(async (words: string[]) => suggest(program, app, words));
};

async function suggest(program: Command, app: App, words: readonly string[]): Promise<void> {
  const { values, files } = await suggestionsFor(program, words, knownTo(app));
  for (const { value, description } of values) app.output.record([value, description.split("\n")[0] ?? ""]);
  if (files) app.output.line(":files");
}

/** Of the broker, where it answers in time; else nothing, quietly. */
function knownTo(app: App): Known {
  const asked = async (ask: (agent: PersonaAgent) => Promise<readonly Suggestion[]>): Promise<readonly Suggestion[]> => {
    const late = new Promise<readonly Suggestion[]>((resolve) => setTimeout(resolve, PATIENCE, []).unref());
    const answer = app.connect().then(ask);
    return Promise.race([answer.catch(() => []), late]);
  };
  return {
    personas: () =>
      asked(async (agent) => {
        const [personas, workspaces] = await Promise.all([agent.personas.list(), agent.workspaces()]);
        return [
          ...personas.map(({ persona_id, persona_name }) => ({ value: persona_id, description: persona_name })),
          ...workspaces.map(({ workspace_id, persona_name, name, state }) => ({
            value: workspace_id,
            description: `${persona_name}, ${name}: ${state}`,
          })),
        ];
      }),
    applications: (persona) =>
      asked(async (agent) => {
        const applications = isWorkspaceId(persona)
          ? (await agent.workspaceById(persona)).view.applications
          : (await agent.personas.version(persona)).applications;
        return applications.map(({ application, name }) => ({ value: application, description: name }));
      }),
  };
}
