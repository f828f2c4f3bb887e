import { EXIT_CODES, parseBytes } from "@guise/contract";
import { copyIn } from "../copy/copy-in.ts";
import { copyOut } from "../copy/copy-out.ts";
import { copyingOf } from "../copy/copying.ts";
import { checkEndpoints, endpointOf } from "../copy/endpoint.ts";
import { quantity } from "../quantity.ts";
import { type ChoiceOptions, type Verb, withChoice } from "../verb.ts";

interface CopyOptions extends ChoiceOptions {
  readonly limit: number;
}

export const cp: Verb = (program, app) => {
  withChoice(program.command("cp <from> <to>"))
    .summary("copy files and folders into a workspace, or out of it")
    .description(
      "One side is PERSONA:PATH, the other a path on this machine; relative paths inside begin at the home. Folders are copied with all\n" +
        "below them. On this machine nothing is written but below the target: links that lead out, devices and hard links are left out and named.",
    )
    .option("--limit <size>", "the most that is taken onto this machine", quantity(parseBytes), parseBytes("10Gi"))
    .addHelpText(
      "after",
      "\nExamples:\n  guise cp sales.csv data-analyst:work/\n  guise cp data-analyst:out .\n  guise cp ./a:b data-analyst:",
    )
    .action(async (source: string, target: string, options: CopyOptions) => {
      const from = endpointOf(source);
      const to = endpointOf(target);
      checkEndpoints(from, to);
      const stopped = new AbortController();
      const forget = app.context.onInterrupt(() => stopped.abort());
      const copying = copyingOf(app, options.limit, stopped.signal);
      try {
        const agent = await app.connect();
        if (from.side === "workspace") await copyOut(await app.workspace(agent, from.persona, options), from.path, to.path, copying);
        else if (to.side === "workspace") await copyIn(await app.workspace(agent, to.persona, options), from.path, to.path, copying);
      } catch (error) {
        if (!stopped.signal.aborted) throw error;
        app.output.note("stopped; what was not copied yet is not there");
        app.exitCode = EXIT_CODES.interrupted;
      } finally {
        app.output.still();
        forget();
      }
    });
};
