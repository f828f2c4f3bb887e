import { formatDuration, type WorkspaceView } from "@guise/contract";
import { openApplications, type SuspendOptions, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { confirmed } from "../confirm.ts";
import { isInteractive } from "../context.ts";
import { progressLines } from "../progress-lines.ts";
import { REASON_OPTION, statingReason } from "../stated-reason.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

interface SuspendVerbOptions extends ChoiceOptions {
  readonly yes?: boolean;
  readonly reason?: string;
}

export const suspendAndResume: Verb = (program, app) => {
  withJson(withChoice(program.command("suspend <persona>")), "print the workspace as JSON")
    .option(...REASON_OPTION)
    .summary("suspend a workspace: its home stays, the rest is free")
    .description(
      "Ends its programs, and frees cpu, ram and bandwidth; the home and its storage stay. Memory and unsaved documents are not kept.\n" +
        "What was open is opened again by guise resume. On a terminal it asks first when applications are open.",
    )
    .option("-y, --yes", "do not ask")
    .action((persona: string, options: SuspendVerbOptions) =>
      act(app, persona, options, async (workspace, how) => {
        if (options.yes !== true) await askWhetherToEnd(app, workspace.view);
        const suspend = (reason: string | undefined) => workspace.suspend({ ...how, reason });
        return statingReason(app, options.reason, suspend, async () => undefined);
      }),
    );
  withJson(withChoice(program.command("resume <persona>")), "print the workspace as JSON")
    .summary("resume a suspended workspace on its home")
    .description("Waits until it is ready again, in the queue if there is no room.")
    .action((persona: string, options: ChoiceOptions) => act(app, persona, options, (workspace, how) => workspace.resume(how)));
  withJson(withChoice(program.command("keep <persona>")), "print the workspace as JSON")
    .summary("keep a workspace that is idle")
    .description("Its idle time begins anew, as if it had just been used.")
    .action(async (persona: string, options: ChoiceOptions) => {
      const view = await (await app.workspace(await app.connect(), persona, options)).keep();
      if (options.json === true) app.output.json(view);
      else
        app.output.line(
          view.idle === undefined ? `${view.persona_name} has no idle time` : `kept for ${formatDuration(view.idle.left * 1000)}`,
        );
    });
};

/** Who has something open is asked; a program, or who cannot answer, is not. */
async function askWhetherToEnd({ context, output }: App, view: WorkspaceView): Promise<void> {
  const { reopened, ended } = openApplications(view);
  const open = [...reopened, ...ended];
  if (open.length === 0 || view.state !== "ready" || !isInteractive(context)) return;
  output.note(`open: ${open.join(", ")}`);
  output.note("ends: these programs, with what they hold in memory; documents that are not saved are lost");
  output.note(
    reopened.length === 0
      ? "kept: the home with its files"
      : `kept: the home with its files; opened again on resume: ${reopened.join(", ")}`,
  );
  await confirmed(context, `Suspend ${view.persona_name}?`);
}

async function act(
  app: App,
  persona: string,
  options: ChoiceOptions,
  ask: (workspace: Workspace, how: SuspendOptions) => Promise<WorkspaceView>,
): Promise<void> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  const lines = progressLines(app.output);
  try {
    const workspace = await app.workspace(await app.connect(), persona, options);
    const view = await ask(workspace, { signal: stopped.signal, onProgress: options.json === true ? () => {} : lines });
    app.output.still();
    if (options.json === true) return app.output.json(view);
    const { persona_name, environment, name, state, workspace_id } = view;
    app.output.status(state === "ready" ? "good" : "waiting", state, `${persona_name}, environment ${environment}, name ${name}`);
    app.output.line(workspace_id);
  } finally {
    app.output.still();
    forget();
  }
}
