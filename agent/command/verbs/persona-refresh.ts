import type { VersionView } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, withJson } from "../verb.ts";
import { versionIn } from "./persona-bom.ts";

export function addRefresh(group: Command, app: App): void {
  withJson(group.command("refresh [persona]"))
    .description("Builds the image anew with fresh packages. Workspaces that run keep theirs; the next ones get the new revision.")
    .option("--version <number>", "another version than the one that a request gets")
    .option("--all", "every persona that your groups own")
    .action(async (id: string | undefined, options: JsonOption & { version?: string; all?: boolean }) => {
      const views = await refreshed(app, id, options);
      if (options.json === true) return app.output.json(options.all === true ? views : views[0]);
      for (const view of views)
        app.output.line(
          `${view.persona_id} version ${view.version}: revision ${view.revision + 1} is being built; ${view.revision} is used until then`,
        );
      if (views.length === 0) app.output.note("Your groups own no persona with a usable version.");
      if (views[0] !== undefined) app.output.note(`Look at how it goes: guise persona show ${views[0].persona_id}`);
    });
}

async function refreshed(app: App, id: string | undefined, { version, all }: { version?: string; all?: boolean }): Promise<VersionView[]> {
  if ((id === undefined) !== (all === true) || (all === true && version !== undefined))
    throw new UsageError(
      "name a persona, or all of them",
      "guise persona refresh PERSONA [--version NUMBER], or guise persona refresh --all",
    );
  const wanted = id === undefined ? undefined : versionIn(version, id);
  const { personas } = await app.connect();
  return id === undefined ? personas.refreshAll() : [await personas.refresh(id, wanted)];
}
