import type { VersionView } from "@guise/contract";
import type { Command } from "commander";
import { AgentError, type PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { documentIn } from "../document-in.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, withJson } from "../verb.ts";

export function addPublish(group: Command, app: App): void {
  withJson(group.command("publish <file>"))
    .description("Stores a new version and begins its build. A request gets it as soon as it is usable.")
    .option("--group <name>", "the group that owns the persona; needed where you are in several")
    .option("--draft", "store it as a draft that nobody but you sees; guise persona try opens one as well")
    .action(async (file: string, options: JsonOption & { group?: string; draft?: boolean }) => {
      const view = await published(app, await app.connect(), file, options);
      if (options.json === true) return app.output.json(view);
      app.output.line(`${view.persona_id} ${view.draft === true ? "draft" : "version"} ${view.version} is ${view.state}`);
      if (view.state === "usable" && !view.latest && view.draft !== true)
        app.output.note(`a request gets another version; to change that: guise persona rollback ${view.persona_id} ${view.version}`);
      if (view.state === "building") app.output.note(`Look at its build: guise persona show ${view.persona_id}`);
    });
}

/** Stores what the file holds; who does not say which of several groups is told how. */
export async function published(
  app: App,
  agent: PersonaAgent,
  file: string,
  { group, draft }: { readonly group?: string | undefined; readonly draft?: boolean | undefined },
): Promise<VersionView> {
  const document = await documentIn(app, file);
  return agent.personas.publish(document, group, { draft: draft === true }).catch((error: unknown) => {
    const missing = error instanceof AgentError ? error.problems.find(({ path }) => path === "$.owner_group") : undefined;
    if (missing === undefined) throw error;
    const verb = draft === true ? "try" : "publish";
    throw new UsageError("a new persona needs an owning group", `guise persona ${verb} ${file} --group GROUP`, missing.message);
  });
}
