import { formatBytes, type ImageView, parseBytes } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { quantity } from "../quantity.ts";
import { type JsonOption, withJson } from "../verb.ts";

export function addImageVerbs(admin: Command, app: App): void {
  const group = admin.command("images").description("Images of personas on the engine, under their disk budget.");
  withJson(group.command("list", { isDefault: true }))
    .description("What each takes alone and shared with others, when it was used, and which workspaces need it.")
    .action(async (options: JsonOption) => {
      const all = await (await app.connect()).admin.images();
      if (options.json === true) return app.output.json(all);
      app.output.line(`images take ${formatBytes(all.taken)} of ${formatBytes(all.budget)}`);
      if (all.images.length === 0) return;
      app.output.line();
      app.output.table(["PERSONA", "VERSION", "REVISION", "ALONE", "SHARED", "USED", "NEEDED BY", "IMAGE"], all.images.flatMap(rowsOf));
    });
  withJson(group.command("collect"))
    .description("Removes images that no workspace needs, the least recently used first, until all fit the budget.")
    .option(
      "--budget <bytes>",
      'come down to this instead, such as "2Gi"; 0 removes all that nobody needs',
      quantity((text) => (text === "0" ? 0 : parseBytes(text))),
    )
    .action(async (options: JsonOption & { budget?: number }) => {
      const collected = await (await app.connect()).admin.collectImages(options.budget);
      if (options.json === true) return app.output.json(collected);
      const { removed, freed, left } = collected;
      app.output.line(removed.length === 0 ? "nothing was removed" : `removed ${removed.length}, freed ${formatBytes(freed)}`);
      app.output.line(`images take ${formatBytes(left)} of ${formatBytes(collected.budget)}`);
      if (left > collected.budget) app.output.note("The rest is needed by workspaces: guise admin images");
    });
}

/** One line per version that shares the image. */
function rowsOf(view: ImageView): string[][] {
  const short = view.image.replace(/^.*[:/]/, "").slice(0, 12);
  const facts = [formatBytes(view.alone), formatBytes(view.shared), view.used_at, neededBy(view), short];
  if (view.versions.length === 0) return [[view.kind === "layer" ? "(left by a build)" : "(of no version)", "", "", ...facts]];
  return view.versions.map(({ persona_id, version, revision, current }) => [
    persona_id,
    String(version),
    `${revision}${current ? "" : " (old)"}`,
    ...facts,
  ]);
}

function neededBy({ workspaces, kept }: ImageView): string {
  const [first, ...others] = workspaces;
  if (first === undefined) return kept ? "a build or a sandbox" : "";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
