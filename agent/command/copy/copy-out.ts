import { stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import type { Workspace } from "../../sdk/index.ts";
import { UsageError } from "../usage-error.ts";
import type { Copying } from "./copying.ts";
import { partsBelow, safeMode } from "./entry-rules.ts";
import { extractBelow } from "./extract.ts";
import { type LeftOut, noteLeftOut } from "./left-out.ts";
import { receiveFile } from "./receive-file.ts";

/** The most entries that one copy makes on this machine. */
const MOST_ENTRIES = 1_000_000;

/** From a workspace to this machine; nothing is written but below the target. Gives what was left out. */
export async function copyOut(workspace: Workspace, from: string, to: string, copying: Copying): Promise<readonly LeftOut[]> {
  const facts = await workspace.files.stat(from, copying.signal);
  const name = ownName(from);
  const wanted = resolve(copying.cwd, to);
  const target = name !== undefined && (await isFolderHere(wanted)) ? join(wanted, name) : wanted;
  if (facts.kind === "folder") return fetchFolder(workspace, from, target, copying);
  if ((await stat(dirname(target)).catch(() => undefined))?.isDirectory() !== true)
    throw new UsageError(`the folder of ${to} does not exist on this machine`, "make it first, or name another");
  await fetchFile(workspace, { from, ...facts }, target, copying);
  return [];
}

interface Wanted {
  readonly from: string;
  readonly bytes: number;
  readonly mode: number;
  readonly modified: string;
}

async function fetchFile(workspace: Workspace, { from, bytes, mode, modified }: Wanted, target: string, copying: Copying): Promise<void> {
  const line = copying.line(basename(target), bytes);
  const content = await workspace.files.read(from, copying.signal);
  await receiveFile(content, target, {
    mode: safeMode(mode, "file"),
    modified: new Date(modified),
    limit: copying.limit,
    line,
    signal: copying.signal,
  });
}

/** All that is in a folder inside, into a folder here. Gives what was left out. */
export async function fetchFolder(workspace: Workspace, from: string, target: string, copying: Copying): Promise<readonly LeftOut[]> {
  const line = copying.line(basename(target), undefined);
  const archive = Readable.fromWeb((await workspace.files.readFolder(from, copying.signal)) as Parameters<typeof Readable.fromWeb>[0]);
  const limits = { bytes: copying.limit, entries: MOST_ENTRIES };
  const made = await extractBelow(archive, target, { limits, onBytes: line.moved });
  line.done(made.bytes);
  noteLeftOut(copying.output, made.leftOut);
  return made.leftOut;
}

/** The last part of the path, as a name that is safe to make here. As with `cp -r`, `out/.` means what is in it. */
function ownName(path: string): string | undefined {
  if (path.endsWith("/.")) return undefined;
  const name = posix.basename(posix.normalize(path));
  return name === "~" || name === "." || name === "/" || partsBelow(name)?.length !== 1 ? undefined : name;
}

async function isFolderHere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
