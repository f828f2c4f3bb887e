import { InvalidArgumentError } from "commander";
import { portNumber } from "../port-number.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice } from "../verb.ts";
import { openPortForward } from "../web/port-forward.ts";

interface ForwardOptions extends ChoiceOptions {
  readonly port?: number;
}

export const forward: Verb = (program, app) => {
  withChoice(program.command("forward <persona>"))
    .argument("<port>", "the port inside", insidePort)
    .summary("reach a port of a workspace at this machine, until Ctrl-C")
    .description(
      "Leads a port of this machine's loopback address to a port that a program in the workspace listens on, as ssh -L does. Any program of this machine can then connect to it. A web page opens more safely in the portal, at an origin of its own.",
    )
    .option("-p, --port <number>", "the port of this machine; the same one where it is free, else any", portNumber)
    .addHelpText("after", "\nExamples:\n  guise forward web-developer 5173\n  guise forward data-analyst 5432 --port 15432")
    .action(async (persona: string, port: number, options: ForwardOptions) => {
      const agent = await app.connect();
      const workspace = await app.awakeWorkspace(agent, persona, options);
      const connect = (onOutput: (bytes: Uint8Array) => void | Promise<void>) => workspace.connectPort(port, onOutput);
      const failed = (error: Error) => app.output.note(error.message);
      const wanted = options.port ?? port;
      const isTaken = (error: NodeJS.ErrnoException) => error.code === "EADDRINUSE" || error.code === "EACCES";
      const forwarded = await openPortForward(connect, wanted, failed).catch((error: NodeJS.ErrnoException) => {
        if (!isTaken(error)) throw error;
        if (options.port === undefined) return openPortForward(connect, 0, failed);
        throw new UsageError(`port ${wanted} of this machine cannot be had (${error.code})`, "another --port, or none for any free one");
      });
      app.output.line(`127.0.0.1:${forwarded.port} leads to port ${port} of ${workspace.id}`);
      app.output.note("Ctrl-C ends it");
      const { promise, resolve } = Promise.withResolvers<void>();
      const forget = app.context.onInterrupt(resolve);
      try {
        await promise;
      } finally {
        forget();
        await forwarded.close();
      }
    });
};

function insidePort(text: string): number {
  const port = portNumber(text);
  if (port === 0) throw new InvalidArgumentError("It is no port number.");
  return port;
}
