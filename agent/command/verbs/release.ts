import { formatAmounts, formatBytes, formatDuration, type Receipt } from "@guise/contract";
import type { App } from "../app.ts";
import { isWorkspaceId } from "../held-workspace.ts";
import type { Output } from "../output.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

interface ReleaseCommandOptions extends ChoiceOptions {
  readonly withHome?: boolean;
}

export const release: Verb = (program, app) => {
  withJson(withChoice(program.command("release <persona>")), "print the receipt as JSON")
    .summary("give a workspace back")
    .description("Gives back, and waits until nothing of it runs. The receipt says what was freed, what was deleted and what was kept.")
    .option("--with-home", "delete a kept home too")
    .action(async (persona: string, options: ReleaseCommandOptions) => {
      const receipt = await released(app, persona, options);
      if (options.json === true) app.output.json(receipt);
      else printReceipt(app.output, receipt);
    });
};

async function released(app: App, persona: string, options: ReleaseCommandOptions): Promise<Receipt> {
  const agent = await app.connect();
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  try {
    return await agent.releasePersona(persona, {
      workspace: isWorkspaceId(persona) ? persona : (await app.workspace(agent, persona, options)).id,
      withHome: options.withHome,
      signal: stopped.signal,
      onProgress: (progress) => {
        if (progress.kind === "state" && progress.state === "releasing") app.output.moving(progress.message ?? "giving back");
      },
    });
  } finally {
    app.output.still();
    forget();
  }
}

function printReceipt(output: Output, receipt: Receipt): void {
  output.line(`given back   ${receipt.persona_id} (${receipt.workspace_id}), held for ${formatDuration(receipt.held)}`);
  output.line(`freed        ${formatAmounts(receipt.freed)}`);
  output.line(`deleted      ${receipt.deleted.length === 0 ? "nothing" : receipt.deleted.join(", ")}`);
  if (receipt.kept.length === 0) output.line("kept         nothing");
  for (const { what, bytes, until, charged_to } of receipt.kept) {
    output.line(`kept         ${what}, ${formatBytes(bytes)}${until === undefined ? "" : `, until ${until}`}, charged to ${charged_to}`);
  }
}
