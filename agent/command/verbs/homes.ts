import { formatBytes, type HomeView } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

/** A person's own homes. */
export const homes: Verb = (program, app) => {
  const group = program.command("homes").summary("list and delete the homes that are kept for you").description("Your homes.");
  addHomeVerbs(group, app, false);
};

/** `guise homes` for one's own, `guise admin homes` for everybody's. */
export function addHomeVerbs(group: Command, app: App, everyone: boolean): void {
  withJson(group.command("list"))
    .description(
      everyone ? "Everybody's homes, those in quarantine among them." : "The homes that are kept for you or used by your workspaces.",
    )
    .action(async (options: JsonOption) => {
      const views = await (await app.connect()).homes.list({ everyone });
      if (options.json === true) return app.output.json(views);
      if (views.length === 0) return app.output.note("There is no home.");
      const header = ["HOME", "STATE", "PERSONA", "ENVIRONMENT", "NAME", ...(everyone ? ["OWNER"] : []), "SIZE", "TAKES", "CHARGED TO"];
      app.output.table(
        header,
        views.map((view) => rowOf(view, everyone)),
      );
    });
  group
    .command("delete <home>")
    .description("Deletes a kept home, or one in quarantine, with all files in it, for good.")
    .action(async (home: string) => {
      await (await app.connect()).homes.delete(home);
      app.output.line(`${home} is being deleted`);
    });
}

function rowOf(view: HomeView, everyone: boolean): string[] {
  const { home, state, persona_id = "", environment = "", name = "", owner = "", charged_to = "" } = view;
  const sizes = [formatBytes(view.bytes), formatBytes(view.taken)];
  return [home, state.replace("_", " "), persona_id, environment, name, ...(everyone ? [owner] : []), ...sizes, charged_to];
}
