import { EXIT_CODES } from "@guise/contract";
import { Command, CommanderError } from "commander";
import { App } from "./app.ts";
import { commandApart } from "./command-apart.ts";
import type { CommandContext } from "./context.ts";
import { exitCodeTable } from "./exit-code.ts";
import { UsageError } from "./usage-error.ts";
import type { Verb } from "./verb.ts";
import { admin } from "./verbs/admin.ts";
import { completion } from "./verbs/completion.ts";
import { cp } from "./verbs/cp.ts";
import { exec } from "./verbs/exec.ts";
import { forward } from "./verbs/forward.ts";
import { homes } from "./verbs/homes.ts";
import { launch } from "./verbs/launch.ts";
import { login } from "./verbs/login.ts";
import { open } from "./verbs/open.ts";
import { persona } from "./verbs/persona.ts";
import { preferences } from "./verbs/preferences.ts";
import { ps } from "./verbs/ps.ts";
import { release } from "./verbs/release.ts";
import { request } from "./verbs/request.ts";
import { resize } from "./verbs/resize.ts";
import { run } from "./verbs/run.ts";
import { shell } from "./verbs/shell.ts";
import { configSsh, ssh, sshProxy } from "./verbs/ssh.ts";
import { suspendAndResume } from "./verbs/suspend-and-resume.ts";
import { upAndDown } from "./verbs/up-and-down.ts";
import { usage } from "./verbs/usage.ts";
import { why } from "./verbs/why.ts";

/** The order of the help text: the person's verbs, the author's, the operator's. */
const VERBS: readonly Verb[] = [
  request,
  launch,
  shell,
  exec,
  run,
  cp,
  forward,
  ssh,
  configSsh,
  sshProxy,
  ps,
  usage,
  why,
  suspendAndResume,
  resize,
  release,
  homes,
  preferences,
  open,
  login,
  persona,
  admin,
  upAndDown,
  completion,
];

/** Runs one command line and gives its exit code; never throws. */
export async function runGuise(args: readonly string[], context: CommandContext): Promise<number> {
  const app = new App(context);
  try {
    const program = guiseProgram(app);
    await program.parseAsync([...commandApart(args, program)], { from: "user" });
    return app.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return usageExit(app, error);
    return app.fail(error);
  }
}

/** The whole command line, as data too: help, reference and completion are made from it. */
export function guiseProgram(app: App): Command {
  const program = new Command("guise")
    .description("Application personas: ready-made application environments, provisioned when you ask and given back afterwards.")
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `\nPERSONA is a persona, or the id or the name of a workspace, as guise ps shows them.\n\nExit codes (a command run inside passes its own through):\n${exitCodeTable()}`,
    );
  for (const verb of VERBS) verb(program, app);
  quietly(program, app);
  return program;
}

/** Commander throws instead of ending the process, and writes where the context says. */
function quietly(command: Command, app: App): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => app.context.stdout.write(text),
    writeErr: () => {},
    getOutHelpWidth: () => Math.min(120, app.context.stdout.columns ?? 100),
  });
  for (const child of command.commands) quietly(child, app);
}

/** Help that was asked for is no error; all else is usage. */
function usageExit(app: App, error: CommanderError): number {
  if (error.exitCode === 0) return EXIT_CODES.ok;
  if (error.code === "commander.help") return app.fail(new UsageError("no verb is given", "guise --help"));
  return app.fail(new UsageError(error.message.replace(/^error: /, ""), "guise --help, or guise VERB --help"));
}
