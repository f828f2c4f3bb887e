/** `guise down`: suspends every workspace, stops Guise and ends the engine. Images and state (homes among it) are kept; the next start resumes the workspaces. */
import { detachBelow, OwnEngine } from "#drivers/docker";
import { delay, messageOf, silentLog, systemClock } from "#foundation";
import { readConfiguration } from "./configuration.ts";
import { installationOf, makeFolders } from "./folders.ts";
import { forgetProcess, runningProcess } from "./process-file.ts";

/** The longest grace of a persona is 10 minutes. */
const PATIENCE = 11 * 60_000;
const SAY_SO_AFTER = 2_000;

try {
  const configuration = readConfiguration(process.cwd(), process.env);
  const folders = await makeFolders(configuration.home);
  const pid = runningProcess(folders);
  if (pid !== undefined) {
    // As Ctrl-C would: programs get their grace.
    process.kill(pid, "SIGINT");
    const began = Date.now();
    let said = false;
    while (runningProcess(folders) !== undefined) {
      if (!said && Date.now() - began > SAY_SO_AFTER) {
        said = true;
        process.stdout.write("suspending the workspaces: their programs are asked to end …\n");
      }
      if (Date.now() - began > PATIENCE) throw new Error(`process ${pid} does not end\ntry: kill -9 ${pid}, then guise down again`);
      await delay(systemClock, 50);
    }
    forgetProcess(folders);
    process.stdout.write("Guise stopped\n");
  }
  if (configuration.engine === "own") {
    const engine = new OwnEngine({ home: folders.home, installation: await installationOf(folders), log: silentLog, clock: systemClock });
    await engine.down();
    const detached = await detachBelow(folders.sandboxes);
    process.stdout.write(`engine ended; ${detached} loop devices let go. Images and state are kept in ${folders.home}\n`);
  }
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exit(1);
}
