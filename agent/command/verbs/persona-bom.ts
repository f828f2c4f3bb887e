import type { Command } from "commander";
import type { App } from "../app.ts";
import { UsageError } from "../usage-error.ts";

/** A version as it is typed: a number; nothing typed is the one that a request gets. */
export function versionIn(typed: string | undefined, persona: string): number | "latest" {
  if (typed === undefined) return "latest";
  if (!/^[1-9]\d{0,8}$/.test(typed)) throw new UsageError(`"${typed}" is no version`, `guise persona show ${persona}`);
  return Number(typed);
}

export function addBom(group: Command, app: App): void {
  group
    .command("bom <persona>")
    .description("Prints what the image contains as a CycloneDX 1.6 document: each package with version and package URL.")
    .option("--version <number>", "another version than the one that a request gets")
    .action(async (id: string, options: { version?: string }) => {
      const version = versionIn(options.version, id);
      app.output.json(await (await app.connect()).personas.billOfMaterials(id, version));
    });
}
