import { EXIT_CODES, parseBytes } from "@guise/contract";
import type { Workspace } from "../../sdk/index.ts";
import { copyIn } from "../copy/copy-in.ts";
import { copyOut } from "../copy/copy-out.ts";
import { type Copying, copyingOf } from "../copy/copying.ts";
import { checkEndpoints, type Endpoint, endpointOf } from "../copy/endpoint.ts";
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
        "below them, with links, modes and times. What cannot be read, sockets, pipes and devices are left out and named, and the exit code\n" +
        `is then ${EXIT_CODES.partly}. On this machine nothing is written but below the target: links that lead out of it are left out too.\n` +
        "A large file goes in in pieces with checksums: a lost connection is waited out, and after a stop the same command goes on where it was.",
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
        const leftOut = await copied(from, to, copying, (persona) => app.workspace(agent, persona, options));
        if (leftOut.length > 0) app.exitCode = EXIT_CODES.partly;
      } catch (error) {
        if (!stopped.signal.aborted) throw error;
        app.output.note("stopped; what was not copied yet is not there (of a large file, the same command goes on where it was)");
        app.exitCode = EXIT_CODES.interrupted;
      } finally {
        app.output.still();
        forget();
      }
    });
};

async function copied(from: Endpoint, to: Endpoint, copying: Copying, workspaceOf: (persona: string) => Promise<Workspace>) {
  if (from.side === "workspace") return copyOut(await workspaceOf(from.persona), from.path, to.path, copying);
  return to.side === "workspace" ? copyIn(await workspaceOf(to.persona), from.path, to.path, copying) : [];
}
