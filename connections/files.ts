import { type Readable, finished as whenFinished } from "node:stream";
import { plainText } from "@guise/contract";
import { type FileEntry, ProvisioningError } from "#provisioning";
import { packFolder } from "./pack-folder.ts";
import { pour } from "./pour.ts";
import type { Lease, OpenChannel } from "./shared-channels.ts";
import { unpackFolder } from "./unpack-folder.ts";
import { zipSelection } from "./zip/zip-selection.ts";

/** A file as it is, or a folder as one tar archive. */
export type FileForm = "file" | "tar";

export interface Download {
  readonly stream: Readable;
  /** Absent where it is not known beforehand. */
  readonly bytes: number | undefined;
}

const NEW_FILE_MODE = 0o644;

/**
 * A file's content, or a folder's as a tar made inside, over a bulk channel. Rejects `file_not_found` or `file_failed`; the
 * stream fails with `file_failed` or as the channel. Paths are absolute, or below the home.
 */
export async function downloadFile(openChannel: OpenChannel, path: string, as: FileForm): Promise<Download> {
  return withLease(openChannel, async (lease) => {
    const facts = await lease.channel.files().stat(path);
    const download = as === "file" ? await readWhole(lease, path, facts) : { stream: await packFolder(lease, path), bytes: undefined };
    whenFinished(download.stream, () => lease.release());
    return download;
  });
}

/** Files and folders of one folder, by name, as a zip over a bulk channel. Rejects `file_not_found` where none of them is there, `file_failed`. */
export async function downloadZip(openChannel: OpenChannel, folder: string, names: readonly string[]): Promise<Readable> {
  return withLease(openChannel, async (lease) => {
    const stream = await zipSelection(lease, folder, names);
    whenFinished(stream, () => lease.release());
    return stream;
  });
}

export interface Upload {
  readonly as: FileForm;
  /** Permission bits of a file that is new. */
  readonly newMode?: number | undefined;
  /** The file's time, ms since the epoch; now where it is absent. An archive has its own. */
  readonly modified?: number | undefined;
  /** Replaces nothing: rejects `file_exists` where something has the name. */
  readonly exclusive?: boolean | undefined;
}

/**
 * Resolves when the file is complete under its name, or the archive unpacked below the folder, with the workspace's own rights.
 * What breaks off leaves everything as it was. Rejects `file_exists`, `storage_full` or `file_failed`.
 */
export async function uploadFile(openChannel: OpenChannel, path: string, content: Readable, upload: Upload): Promise<void> {
  return once(openChannel, async (lease) => {
    const { as, newMode = NEW_FILE_MODE, modified, exclusive = false } = upload;
    if (as === "tar") return unpackFolder(lease, path, content, exclusive);
    const mode = await modeOf(lease, path, newMode);
    await pour(content, await lease.channel.files().write(path, { mode, modified, exclusive }));
  });
}

export async function statPath(openChannel: OpenChannel, path: string): Promise<FileEntry> {
  return once(openChannel, (lease) => lease.channel.files().stat(path));
}

export async function listFolder(openChannel: OpenChannel, path: string): Promise<readonly FileEntry[]> {
  return once(openChannel, (lease) => lease.channel.files().list(path));
}

/** The size is told only of plain files that have one: those of /proc claim none. */
async function readWhole(lease: Lease, path: string, { kind, bytes }: FileEntry): Promise<Download> {
  if (kind === "folder") throw new ProvisioningError("file_failed", `${plainText(path)} is a folder`);
  // A pipe or device may never end, or never begin.
  if (kind !== "file") throw new ProvisioningError("file_failed", `${plainText(path)} is neither a file nor a folder`);
  return { stream: await lease.channel.files().read(path), bytes: bytes > 0 ? bytes : undefined };
}

/** What is replaced keeps its mode. */
async function modeOf(lease: Lease, path: string, newMode: number): Promise<number> {
  const facts = await lease.channel
    .files()
    .stat(path)
    .catch(() => undefined);
  if (facts?.kind === "folder") throw new ProvisioningError("file_failed", `${plainText(path)} is a folder`);
  return facts?.kind === "file" ? facts.mode : newMode & 0o777;
}

async function once<T>(openChannel: OpenChannel, act: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await openChannel();
  try {
    return await act(lease);
  } finally {
    lease.release();
  }
}

/** The lease is let go at once when the act fails; else the act's result lets it go. */
async function withLease<T>(openChannel: OpenChannel, act: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await openChannel();
  try {
    return await act(lease);
  } catch (error) {
    lease.release();
    throw error;
  }
}
