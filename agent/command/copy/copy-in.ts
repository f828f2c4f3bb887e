import { createReadStream, openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { formatBytes } from "@guise/contract";
import { AgentError, hasCode, PIECE, type Workspace } from "../../sdk/index.ts";
import { UsageError } from "../usage-error.ts";
import type { Copying } from "./copying.ts";
import { type LeftOut, noteLeftOut } from "./left-out.ts";
import { packFolder } from "./pack-folder.ts";

/** Ms for which Guise may be away while a large file is sent. */
const LONGEST_BREAK = 300_000;

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
  if (facts.size > PIECE) {
    await sendLarge(workspace, source, target, copying, line);
    return [];
  }
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

/** In pieces: a lost connection is waited out, and the same command goes on where one before it was stopped. */
async function sendLarge(
  workspace: Workspace,
  source: string,
  target: string,
  { signal, output }: Copying,
  line: ReturnType<Copying["line"]>,
): Promise<void> {
  const [content, { mode, mtimeMs, size }, begun] = await Promise.all([openAsBlob(source), stat(source), workspace.files.uploads(signal)]);
  const modified = new Date(Math.floor(mtimeMs));
  const before = begun.find(
    (one) => one.path === target && one.bytes === size && one.modified !== undefined && Date.parse(one.modified) === modified.getTime(),
  );
  if (before !== undefined) output.note(`goes on from ${formatBytes(before.offset)}`);
  await workspace.files.upload(target, content, {
    ...{ signal, mode: mode & 0o777, modified, patience: LONGEST_BREAK },
    ...(before === undefined ? {} : { upload_id: before.upload_id }),
    progress: (confirmed) => line.moved(confirmed),
  });
  line.done(size);
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
