/**
 * Stands before the engine's socket: brings Guise's own engine up, moves its socket aside, and passes every connection on from the
 * old place, hijacked ones too, writing down each call. Guise finds an engine that is up, and notices nothing. Says "ready".
 * Arguments: the installation's folder and the file for the calls, one JSON document a line.
 */
import { appendFileSync, renameSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { installationOf, makeFolders } from "../../daemon/folders.ts";
import { RequestReader } from "./request-reader.ts";

const [, , home = "", file = ""] = process.argv;
const folders = await makeFolders(home);
const engine = new OwnEngine({ home, installation: await installationOf(folders), log: silentLog, clock: systemClock });
const { socketPath } = await engine.up(() => {});
const aside = `${socketPath}.aside`;
await rm(aside, { force: true });
await rename(socketPath, aside);

function pass(near: Socket): void {
  const far = connect({ path: aside, allowHalfOpen: true });
  const reader = new RequestReader((call) => appendFileSync(file, `${JSON.stringify(call)}\n`));
  near.on("data", (chunk) => reader.push(chunk));
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => to.destroy());
  }
}

const server = createServer({ allowHalfOpen: true }, pass);
await new Promise<void>((resolve) => void server.listen(socketPath, resolve));

/** Whoever started this one has ended, or wants it to: the engine's socket goes back to its place, unless the engine has ended too. */
function end(): never {
  try {
    renameSync(aside, socketPath);
  } catch {}
  process.exit(0);
}
process.stdin.on("end", end).resume();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, end);
process.stdout.write("ready\n");
