import { runInstallation } from "../installation.ts";
import type { Verb } from "../verb.ts";

export const upAndDown: Verb = (program, app) => {
  program
    .command("up")
    .summary("start Guise on this machine")
    .description("Starts the installation that signed this account in.")
    .action(async () => {
      app.exitCode = await runInstallation(app.context, "up");
    });
  program
    .command("down")
    .summary("stop Guise on this machine")
    .description("Stops Guise and everything of it that runs; images and state stay.")
    .action(async () => {
      app.exitCode = await runInstallation(app.context, "down");
    });
};
