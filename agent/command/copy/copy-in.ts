import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { AgentError, hasCode, type Workspace } from "../../sdk/index.ts";
import { UsageError } from "../usage-error.ts";
import type { Copying } from "./copying.ts";
import { type LeftOut, noteLeftOut } from "./left-out.ts";
import { packFolder } from "./pack-folder.ts";

/** From this machine into a workspace. As with `cp -r`, an existing folder at the target receives it under its own name. Gives what was left out. */
export async function copyIn(workspace: Workspace, from: string, to: string, copying: Copying): Promise<readonly LeftOut[]> {
  const source = resolve(copying.cwd, from);
  const facts = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new UsageError(`${from} does not exist on this machine`, "ls, to see what does");
    throw error;
  });
  const target = (await isFolder(workspace, to)) ? posix.join(to, basename(source)) : to;
  if (facts.isDirectory()) return sendFolder(workspace, source, target, from, copying);
  if (!facts.isFile()) throw new UsageError(`${from} is neither a file nor a folder`, "copy a file or a folder");
  const line = copying.line(basename(source), facts.size);
  let sent = 0;
  const content = createReadStream(source).on("data", (piece) => {
    sent += piece.length;
    line.moved(sent);
  });
  const options = { signal: copying.signal, mode: facts.mode & 0o777, modified: facts.mtime };
  await sending(content, from, (stream) => workspace.files.write(target, stream, options));
  line.done(sent);
  return [];
}

/** What cannot be read here breaks the request off; that must not look like Guise's fault. */
async function sending(content: Readable, from: string, send: (stream: ReadableStream<Uint8Array>) => Promise<void>): Promise<void> {
  let broken: Error | undefined;
  content.once("error", (error) => {
    broken = error;
  });
  try {
    await send(Readable.toWeb(content) as ReadableStream<Uint8Array>);
  } catch (error) {
    if (broken === undefined || !hasCode(error, "unreachable")) throw error;
    throw new AgentError("file_failed", `${from} could not be read on this machine: ${broken.message}`, { cause: error });
  }
}

async function sendFolder(
  workspace: Workspace,
  source: string,
  target: string,
  from: string,
  copying: Copying,
): Promise<readonly LeftOut[]> {
  const line = copying.line(basename(source), undefined);
  let sent = 0;
  const leftOut: LeftOut[] = [];
  const archive = packFolder(source, {
    onBytes: (bytes) => {
      sent = bytes;
      line.moved(bytes);
    },
    onLeftOut: (one) => void leftOut.push(one),
  });
  await sending(archive, from, (stream) => workspace.files.writeFolder(target, stream, copying.signal));
  line.done(sent);
  noteLeftOut(copying.output, leftOut);
  return leftOut;
}

async function isFolder(workspace: Workspace, path: string): Promise<boolean> {
  if (path.endsWith("/") || path === "~" || path === ".") return true;
  try {
    return (await workspace.files.stat(path)).kind === "folder";
  } catch (error) {
    if (hasCode(error, "file_not_found", "not_found")) return false;
    throw error;
  }
}
