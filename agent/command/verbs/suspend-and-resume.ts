import { formatDuration, type WorkspaceView } from "@guise/contract";
import type { SuspendOptions, Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { progressLines } from "../progress-lines.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

export const suspendAndResume: Verb = (program, app) => {
  withJson(withChoice(program.command("suspend <persona>")), "print the workspace as JSON")
    .summary("suspend a workspace: its home stays, the rest is free")
    .description(
      "Ends its programs, and frees cpu, ram and bandwidth; the home and its storage stay. Memory and unsaved documents are not kept.\n" +
        "What was open is opened again by guise resume.",
    )
    .action((persona: string, options: ChoiceOptions) => act(app, persona, options, (workspace, how) => workspace.suspend(how)));
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
