import { Readable, finished as whenFinished } from "node:stream";
import { plainText } from "@guise/contract";
import { type ChannelProcess, ProvisioningError, shellWords } from "#provisioning";
import { ArchiveEnd } from "./archive-end.ts";
import { archiveTail, lookForLeftOut, withSaid } from "./left-out.ts";
import { collectSaid } from "./said.ts";
import type { Lease } from "./shared-channels.ts";
import { shellPath } from "./shell-path.ts";

/** tar's own code for files that changed or went away while they were read; all else is there. */
const SOME_CHANGED = 1;

/** A folder as tar makes it inside. What cannot be read does not hold up the rest, and is told by the last entry. */
export async function packFolder({ channel }: Lease, path: string): Promise<Readable> {
  const folder = shellPath(path);
  const report = await lookForLeftOut(channel, folder);
  const words = ["tar", "-C", folder, "--ignore-failed-read", "--format=gnu", "-cf", "-", "."];
  const tar = await channel.open(`export LC_ALL=C.UTF-8; exec ${shellWords(words)}`);
  tar.stdin.end();
  const said = collectSaid(tar.stderr);
  const archive = async function* () {
    try {
      const end = new ArchiveEnd();
      for await (const data of tar.stdout) yield end.through(data);
      checkExit((await tar.exited).exit, said());
      const { reached, rest } = end.finish();
      yield reached ? await archiveTail(withSaid(report, said())) : rest;
    } finally {
      tar.close();
    }
  };
  return closing(Readable.from(archive(), { objectMode: false }), tar);
}

/** A stream that is left before its first read never enters the function that makes it. */
function closing(stream: Readable, process: ChannelProcess): Readable {
  whenFinished(stream, () => process.close());
  return stream;
}

function checkExit(exit: number, said: string): void {
  if (exit !== 0 && exit !== SOME_CHANGED)
    throw new ProvisioningError("file_failed", `tar ended with ${exit}: ${plainText(said.trim(), 300)}`);
}
