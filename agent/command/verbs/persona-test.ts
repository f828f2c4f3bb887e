import { EXIT_CODES, formatDuration, nameOfCheck } from "@guise/contract";
import type { Command } from "commander";
import type { PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { progressLines } from "../progress-lines.ts";
import { type JsonOption, withJson } from "../verb.ts";
import { published } from "./persona-publish.ts";

interface TestCommandOptions extends JsonOption {
  readonly environment?: string;
  readonly group?: string;
}

export function addTest(group: Command, app: App): void {
  withJson(group.command("test <file-or-persona>"), "print what came of each check, and nothing else")
    .description(
      "Runs the checks of a persona in a workspace of its own, which is given back whatever happens. What has a dot or a slash in it is a\n" +
        "file: it is stored as a draft first, which takes the place of your former one. Each check is run by sh -c as your own commands\n" +
        `are; the exit code is ${EXIT_CODES.failed} when one fails.`,
    )
    .option("-e, --environment <name>", "the environment, such as staging")
    .option("--group <name>", "the group that is to own a persona of a file; needed where you are in several")
    .action(async (what: string, options: TestCommandOptions) => {
      const agent = await app.connect();
      const subject = await subjectOf(app, agent, what, options);
      const { results, environment, version } = await tested(app, agent, subject, options);
      const failed = results.filter(({ fault }) => fault !== undefined).length;
      if (failed > 0) app.exitCode = EXIT_CODES.failed;
      if (options.json === true) return app.output.json({ persona_id: subject.persona, version, environment, results });
      if (results.length === 0) return app.output.note(`${subject.persona} has no checks in the environment ${environment}`);
      app.output.line(`${results.length - failed} passed, ${failed} failed`);
      if (failed === 0 && subject.version !== undefined)
        app.output.note(`Publish it as it is: guise persona publish-draft ${subject.persona}`);
    });
}

interface Subject {
  readonly persona: string;
  /** Of the draft that the file became. */
  readonly version?: number;
}

async function subjectOf(app: App, agent: PersonaAgent, what: string, { group, json }: TestCommandOptions): Promise<Subject> {
  if (!/[./]/.test(what)) return { persona: what };
  const draft = await published(app, agent, what, { group, draft: true });
  if (json !== true) app.output.note(`draft ${draft.version} of ${draft.persona_id} is yours alone`);
  return { persona: draft.persona_id, version: draft.version };
}

/** Ctrl-C stops it, and the workspace is given back. */
async function tested(app: App, agent: PersonaAgent, { persona, version }: Subject, { environment, json }: TestCommandOptions) {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => {
    app.output.note("giving the workspace back; a moment");
    stopped.abort();
  });
  const lines = progressLines(app.output);
  try {
    return await agent.testPersona(persona, {
      ...{ version, environment, signal: stopped.signal },
      onProgress: (progress) => {
        if (json !== true) lines(progress);
      },
      onCheck: ({ check, fault, took }) => {
        if (json === true) return;
        app.output.still();
        if (fault === undefined) app.output.status("good", "pass", `${nameOfCheck(check)} (${formatDuration(took)})`);
        else app.output.status("bad", "fail", `${nameOfCheck(check)}: ${fault}`);
      },
    });
  } finally {
    app.output.still();
    forget();
  }
}
