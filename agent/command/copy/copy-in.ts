import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { hasCode, type Workspace } from "../../sdk/index.ts";
import { UsageError } from "../usage-error.ts";
import type { Copying } from "./copying.ts";
import { packFolder } from "./pack-folder.ts";

/** From this machine into a workspace. As with `cp -r`, an existing folder at the target receives it under its own name. */
export async function copyIn(workspace: Workspace, from: string, to: string, copying: Copying): Promise<void> {
  const source = resolve(copying.cwd, from);
  const facts = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new UsageError(`${from} does not exist on this machine`, "ls, to see what does");
    throw error;
  });
  const target = (await isFolder(workspace, to)) ? posix.join(to, basename(source)) : to;
  if (facts.isDirectory()) return sendFolder(workspace, source, target, copying);
  if (!facts.isFile()) throw new UsageError(`${from} is neither a file nor a folder`, "copy a file or a folder");
  const line = copying.line(basename(source), facts.size);
  let sent = 0;
  const content = createReadStream(source).on("data", (piece) => {
    sent += piece.length;
    line.moved(sent);
  });
  await workspace.files.write(target, Readable.toWeb(content) as ReadableStream<Uint8Array>, copying.signal);
  line.done(sent);
}

async function sendFolder(workspace: Workspace, source: string, target: string, copying: Copying): Promise<void> {
  const line = copying.line(basename(source), undefined);
  let sent = 0;
  const archive = packFolder(source, (bytes) => {
    sent = bytes;
    line.moved(bytes);
  });
  await workspace.files.writeFolder(target, Readable.toWeb(archive) as ReadableStream<Uint8Array>, copying.signal);
  line.done(sent);
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
