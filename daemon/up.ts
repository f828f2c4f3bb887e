/** `guise up`: starts Guise in the background, and says when it answers. */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { dirname, join } from "node:path";
import { delay, messageOf, systemClock } from "#foundation";
import { commandName } from "./command-file.ts";
import { readConfiguration, withoutEffect } from "./configuration.ts";
import { makeFolders } from "./folders.ts";
import { runningProcess } from "./process-file.ts";

const ROOT = dirname(import.meta.dirname);
const PATIENCE = 600_000;

try {
  const configuration = readConfiguration(process.cwd(), process.env);
  for (const sentence of withoutEffect(process.env)) process.stderr.write(`warning: ${sentence}\n`);
  const folders = await makeFolders(configuration.home);
  const running = runningProcess(folders);
  if (running !== undefined) {
    process.stdout.write(`Guise runs already (process ${running})\n`);
  } else {
    const out = openSync(join(folders.log, "start.log"), "a", 0o600);
    const child = spawn(process.execPath, [...process.execArgv, join(ROOT, "daemon", "start.ts"), "--yes", "--no-proof", "--no-link"], {
      cwd: process.cwd(),
      detached: true,
      stdio: ["ignore", out, out],
    });
    let ended = false;
    child.on("exit", () => {
      ended = true;
    });
    const address = `http://${configuration.host}:${configuration.port}`;
    const began = Date.now();
    // Another installation may answer there.
    while (runningProcess(folders) !== child.pid || !(await answers(address))) {
      if (ended || Date.now() - began > PATIENCE) throw new Error(`Guise did not come up\ntry: tail ${join(folders.log, "start.log")}`);
      await delay(systemClock, 100);
    }
    child.unref();
    process.stdout.write(
      `Guise is up at ${address} after ${((Date.now() - began) / 1000).toFixed(1)} s; a link to its portal: ${await commandName(ROOT, folders.home)} open\n`,
    );
    process.exit(0);
  }
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exit(1);
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/readyz`)).ok;
  } catch {
    return false;
  }
}
