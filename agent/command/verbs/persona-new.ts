import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { PersonaAgent } from "../../sdk/index.ts";
import { AgentError } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { isInteractive } from "../context.ts";
import { personaOf } from "../persona-new/answers.ts";
import { askAtTerminal } from "../persona-new/ask.ts";
import { answersFrom } from "../persona-new/questions.ts";
import { UsageError } from "../usage-error.ts";

export function addNew(group: Command, app: App): void {
  group
    .command("new [file]")
    .summary("write a definition by answering questions")
    .description(
      "Asks for name, applications with their settings, data, network and resources, from what this installation has; writes the definition to\n" +
        "FILE (without it, to the persona's id with .json) and checks it. Writes over nothing. Needs a terminal.",
    )
    .action(async (file: string | undefined) => {
      // On a dumb one a question would be drawn anew without end, and an arrow be letters.
      if (!isInteractive(app.context) || app.context.terminalType === "dumb")
        throw new UsageError(
          "there is no terminal here that questions can be asked on",
          "guise persona show data-analyst --json, for a definition to begin from",
        );
      const agent = await app.connect();
      const ask = askAtTerminal(app.context);
      ask.begin("A new persona");
      const answers = await answersFrom(ask, await agent.personas.catalog());
      const document = `${JSON.stringify(personaOf(answers), undefined, 2)}\n`;
      const path = file ?? `${answers.persona_id}.json`;
      await writeNew(resolve(app.context.cwd, path), path, document);
      ask.end(`written to ${path}`);
      await check(app, agent, path, document);
    });
}

async function writeNew(path: string, shown: string, document: string): Promise<void> {
  await writeFile(path, document, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw new UsageError(`${shown} is there already, and is not written over`, "guise persona new OTHER-FILE");
    throw new UsageError(`${shown} cannot be written: ${error.code ?? error.message}`, "a path in a folder of yours");
  });
}

async function check({ output }: App, agent: PersonaAgent, path: string, document: string): Promise<void> {
  const { problems } = await agent.personas.validate(document);
  if (problems.length === 0) return output.note(`It is valid. Publish it: guise persona publish ${path} --group GROUP`);
  throw new AgentError("invalid_persona", `${path} has ${problems.length} problem${problems.length === 1 ? "" : "s"}`, {
    problems,
    remedy: `Correct them in the file, then: guise persona validate ${path}`,
  });
}
