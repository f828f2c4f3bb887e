/**
 * A whole Guise that kills itself (kill -9) before or after its n-th step; without a step it lives, and its steps can be counted. Each
 * step's name is appended to the file. Arguments: FILE STEP before|after. For the second and later starts of an installation: it signs nobody in.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { randomIds, silentLog, systemClock } from "#foundation";
import { readConfiguration } from "../../../daemon/configuration.ts";
import { startDaemon } from "../../../daemon/daemon.ts";
import { makeFolders } from "../../../daemon/folders.ts";
import { writeProcess } from "../../../daemon/process-file.ts";
import { ENGINE_STEPS, Mortal, STORE_STEPS, type When } from "../../lifecycle/support/mortal.ts";

const [file = "", step = "0", when = "before"] = process.argv.slice(2);
const mortal = new Mortal(
  Number(step),
  when as When,
  () => process.kill(process.pid, "SIGKILL"),
  (name) => appendFileSync(file, `${name}\n`),
);
const configuration = readConfiguration(process.cwd(), process.env);
const folders = await makeFolders(configuration.home);
await startDaemon({
  configuration,
  folders,
  root: join(import.meta.dirname, "..", "..", ".."),
  variables: process.env,
  clock: systemClock,
  ids: randomIds,
  log: silentLog,
  report: () => {},
  wrapDriver: (driver) => mortal.wrap("engine", driver, ENGINE_STEPS),
  wrapRepository: (repository) => mortal.wrap("store", repository, STORE_STEPS),
});
writeProcess(folders);
process.stdout.write("Guise is up at\n");
