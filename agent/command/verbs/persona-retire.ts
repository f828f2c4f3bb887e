import type { Command } from "commander";
import type { App } from "../app.ts";
import { type JsonOption, withJson } from "../verb.ts";

export function addRetire(group: Command, app: App): void {
  withJson(group.command("retire <persona>"))
    .description("Nobody can request it any more. Workspaces that there are go on, and kept homes stay.")
    .option("--back", "it can be requested again")
    .action(async (id: string, { json, back }: JsonOption & { back?: boolean }) => {
      const versions = await (await app.connect()).personas.retire(id, back !== true);
      if (json === true) return app.output.json(versions);
      const latest = versions.find((view) => view.latest);
      if (back !== true) app.output.line(`${id} is retired`);
      else if (latest === undefined) app.output.line(`${id} is no longer retired; it has no usable version`);
      else app.output.line(`a request for ${id} gets version ${latest.version} again`);
      if (back !== true) app.output.note(`Take it back: guise persona retire ${id} --back`);
    });
}

export function addRemove(group: Command, app: App): void {
  group
    .command("remove <persona>")
    .description("Removes a retired persona of which nothing is left, with its images; what is left is named. Its id is free then.")
    .action(async (id: string) => {
      await (await app.connect()).personas.remove(id);
      app.output.line(`${id} is removed`);
    });
}
