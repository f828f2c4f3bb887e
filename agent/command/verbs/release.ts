import { formatAmounts, formatBytes, heldText, plainText, type Receipt } from "@guise/contract";
import type { App } from "../app.ts";
import { isWorkspaceId } from "../held-workspace.ts";
import type { Output } from "../output.ts";
import { REASON_OPTION, statingReason } from "../stated-reason.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

interface ReleaseCommandOptions extends ChoiceOptions {
  readonly withHome?: boolean;
  readonly reason?: string;
}

export const release: Verb = (program, app) => {
  withJson(withChoice(program.command("release <persona>")), "print the receipt as JSON")
    .summary("give a workspace back")
    .description(
      "Gives back, and waits until nothing of it runs. The receipt says what was freed, what was deleted and what was kept.\n" +
        "An operator may give back somebody else's by its id: with a reason, and its home is kept unless --with-home is given.",
    )
    .option("--with-home", "delete a kept home too")
    .option(...REASON_OPTION)
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
    const workspace = isWorkspaceId(persona) ? persona : (await app.workspace(agent, persona, options)).id;
    const giveBack = (reason: string | undefined, withHome = options.withHome) =>
      agent.releasePersona(persona, {
        ...{ workspace, withHome, reason },
        signal: stopped.signal,
        onProgress: (progress) => {
          if (progress.kind === "state" && progress.state === "releasing") app.output.moving(progress.message ?? "giving back");
        },
      });
    return await statingReason(app, options.reason, giveBack, async (ask) =>
      options.withHome === undefined ? ask.yes("Delete its home with all files too?", false) : undefined,
    );
  } finally {
    app.output.still();
    forget();
  }
}

function printReceipt(output: Output, receipt: Receipt): void {
  output.line(`given back   ${receipt.persona_id} (${receipt.workspace_id}), ${heldText(receipt)}`);
  if (receipt.note !== undefined) output.line(`because      ${plainText(receipt.note)}`);
  output.line(`freed        ${formatAmounts(receipt.freed)}`);
  output.line(`deleted      ${receipt.deleted.length === 0 ? "nothing" : receipt.deleted.join(", ")}`);
  if (receipt.kept.length === 0) output.line("kept         nothing");
  for (const { what, bytes, until, charged_to } of receipt.kept) {
    output.line(`kept         ${what}, ${formatBytes(bytes)}${until === undefined ? "" : `, until ${until}`}, charged to ${charged_to}`);
  }
}
