import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT_CODES, formatBytes, type HomeView } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { receiveFile } from "../copy/receive-file.ts";
import { transferLine } from "../copy/transfer-line.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

/** A person's own homes. */
export const homes: Verb = (program, app) => {
  const group = program.command("homes").summary("list, export and delete the homes that are kept for you").description("Your homes.");
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
    .command("export <home> <file>")
    .description(
      "Writes a home that nothing runs on into a file, as its engine stores it: a tar archive of the ext4 image and its record.\n" +
        (everyone
          ? "Only homes in quarantine, and those whose owner's account is disabled: what people keep is theirs."
          : "For your own archive, or to read elsewhere: tar -xSf FILE, then mount -o loop,ro HOME.img FOLDER."),
    )
    .action((home: string, file: string) => exportTo(app, home, resolve(app.context.cwd, file)));
  group
    .command("delete <home>")
    .description("Deletes a kept home, or one in quarantine, with all files in it, for good.")
    .action(async (home: string) => {
      await (await app.connect()).homes.delete(home);
      app.output.line(`${home} is being deleted`);
    });
}

async function exportTo(app: App, home: string, target: string): Promise<void> {
  if (existsSync(target)) throw new UsageError(`${target} exists already`, "name another file, or move it away");
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  try {
    const content = await (await app.connect()).homes.export(home, stopped.signal);
    const line = transferLine(app.output, home, undefined, () => performance.now());
    await receiveFile(content, target, { mode: 0o600, limit: undefined, line, signal: stopped.signal });
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    app.output.note("stopped; nothing was written");
    app.exitCode = EXIT_CODES.interrupted;
  } finally {
    app.output.still();
    forget();
  }
}

function rowOf(view: HomeView, everyone: boolean): string[] {
  const { home, state, persona_id = "", environment = "", name = "", owner = "", charged_to = "" } = view;
  const sizes = [formatBytes(view.bytes), formatBytes(view.taken)];
  return [home, state.replace("_", " "), persona_id, environment, name, ...(everyone ? [owner] : []), ...sizes, charged_to];
}
