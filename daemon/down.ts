/**
 * `guise down`: suspends every workspace, stops Guise and ends its engine; of somebody else's engine it removes what is ours. Images and
 * state (homes among it) are kept; the next start resumes the workspaces.
 */
import { detachBelow, ForeignEngine, OwnEngine } from "#drivers/docker";
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
  const { engine } = configuration;
  if (engine.kind !== "memory") {
    const installation = await installationOf(folders);
    let said = "engine ended";
    if (engine.kind === "own") await new OwnEngine({ home: folders.home, installation, log: silentLog, clock: systemClock }).down();
    else {
      await new ForeignEngine({ socketPath: engine.socketPath, installation, log: silentLog }).down();
      said = `nothing of Guise runs on the engine at ${engine.socketPath}, which goes on`;
    }
    const detached = await detachBelow(folders.sandboxes);
    process.stdout.write(`${said}; ${detached} loop devices let go. Images are kept, and state in ${folders.home}\n`);
  }
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exit(1);
}
