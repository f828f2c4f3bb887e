import { join } from "node:path";
import type { CommandContext } from "./context.ts";
import { readCredentials } from "./credentials.ts";
import { UsageError } from "./usage-error.ts";

/** Starts or stops the installation on this machine by its own set-up script; gives that script's exit code. */
export async function runInstallation(context: CommandContext, verb: "up" | "down"): Promise<number> {
  const { installation } = await readCredentials(context.credentialsPath);
  if (installation === undefined) {
    throw new UsageError("these credentials belong to a Guise on another machine", `guise ${verb} on the machine where Guise is installed`);
  }
  return context.runProgram(process.execPath, [join(installation, "setup", "bootstrap.mjs"), verb], installation);
}
