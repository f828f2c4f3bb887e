import { formatAmounts, parseBandwidth, parseBytes, parseCpu, QuantityError, type ResizeRequest } from "@guise/contract";
import { progressLines } from "../progress-lines.ts";
import { quantity } from "../quantity.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

interface ResizeOptions extends ChoiceOptions {
  readonly cpu?: number;
  readonly ram?: number;
  readonly bandwidth?: Pick<ResizeRequest, "ingress" | "egress">;
}

export const resize: Verb = (program, app) => {
  withJson(withChoice(program.command("resize <persona>")), "print the workspace as JSON")
    .summary("give a workspace more or less cpu, ram or bandwidth while it runs")
    .description(
      "Changes the limits of a ready workspace at once; its programs go on. What is not named stays.\n" +
        "The persona's resource_limits bound it; what is not free now is refused.",
    )
    .option("--cpu <amount>", 'cores: "2", "500m"', quantity(parseCpu))
    .option("--ram <amount>", 'bytes: "4Gi"', quantity(parseBytes))
    .option("--bandwidth <amount>", 'per second, each way: "50Mbit"; or in and out: "50Mbit/10Mbit"', quantity(eachWay))
    .action(async (persona: string, { cpu, ram, bandwidth, ...options }: ResizeOptions) => {
      const amounts: ResizeRequest = { ...(cpu === undefined ? {} : { cpu }), ...(ram === undefined ? {} : { ram }), ...bandwidth };
      if (Object.keys(amounts).length === 0)
        throw new UsageError(
          "Nothing is named that is to change.",
          `Say what: guise resize ${persona} --cpu 2 --ram 4Gi --bandwidth 50Mbit`,
        );
      const stopped = new AbortController();
      const forget = app.context.onInterrupt(() => stopped.abort());
      try {
        const workspace = await app.workspace(await app.connect(), persona, options);
        const onProgress = options.json === true ? () => {} : progressLines(app.output);
        const view = await workspace.resize(amounts, { signal: stopped.signal, onProgress });
        app.output.still();
        if (options.json === true) return app.output.json(view);
        app.output.status("good", "resized", `${view.persona_name} has ${formatAmounts(view.demand)}`);
        app.output.line(view.workspace_id);
      } finally {
        app.output.still();
        forget();
      }
    });
};

function eachWay(text: string): { ingress: number; egress: number } {
  const [ingress = "", egress = ingress, ...more] = text.split("/");
  if (more.length > 0) throw new QuantityError(text, 'a bandwidth such as "50Mbit", or in and out such as "50Mbit/10Mbit"');
  return { ingress: parseBandwidth(ingress), egress: parseBandwidth(egress) };
}
